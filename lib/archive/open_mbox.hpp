#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "archive/archive.hpp"
#include "file/fd.hpp"
#include "ledger/rows.hpp"
#include "mbox/lock.hpp"

namespace popkeep::archive {

/// An mbox of the archive, open and locked for writing; held for local work only, never for the network.
struct OpenMbox {
    ledger::Mbox row;
    std::string path;  ///< absolute
    file::Fd fd;
    std::optional<mbox::Lock> lock;  ///< declared behind fd: released before it is closed
    bool created = false;            ///< made just now; what the ledger knows of an older one is gone

    std::uint64_t size() const;  ///< of the file, in bytes
};

/// The line breaks that the first `size` bytes of the mbox lack at their end before a message may follow:
/// another program's last message may come without its empty line.
std::string missing_line_breaks(const OpenMbox& mbox, std::uint64_t size);

/// Throws Category::temporary if the file is of another size by now: a program without locks wrote to it, and
/// what would be written at its old end would stand on top of that.
void must_end_at(const OpenMbox& mbox, std::uint64_t size);

/// Opens and locks an mbox, known to the ledger or not yet. Missing files are created, with their folders, if
/// `create`; else nothing. After the lock, the name still means the file that is open; throws
/// Category::temporary where it never does.
std::optional<OpenMbox> open_mbox(Archive& archive, const std::string& relative, bool create);

}  // namespace popkeep::archive
