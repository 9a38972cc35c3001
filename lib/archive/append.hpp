#pragma once

#include <cstdint>
#include <future>
#include <span>
#include <string>

#include "archive/batch.hpp"
#include "archive/open_mbox.hpp"
#include "base/worker.hpp"

namespace popkeep::archive {

/// The bytes that are to stand in an mbox behind what is accounted for.
struct Piece {
    std::uint64_t begin = 0;
    std::string pad;  ///< line breaks that a foreign last message lacks
    const Batch& batch;
    std::span<const Batch::Entry> entries;
};

/// Writes a piece; its memory is free when this returns. The rest is the worker's: it syncs the file, the
/// name of a new one as well, reads the piece back and compares checksums, and gives up the lock. The future
/// then has the row as the ledger is to know it. On failure, here or there, the file is cut back to where the
/// piece begins; if that fails as well, that is the error, and the next reconcile sees to it, as it does
/// where another program wrote behind it. Throws Category::temporary, and writes nothing, if the file doesn't
/// end where the piece begins.
std::future<ledger::Mbox> append(OpenMbox mbox, const Piece& piece, Worker<ledger::Mbox>& worker);

}  // namespace popkeep::archive
