#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "archive/batch.hpp"
#include "archive/open_mbox.hpp"

namespace popkeep::archive {

/// The bytes that are to stand in an mbox behind what is accounted for.
struct Piece {
    std::uint64_t begin = 0;
    std::string pad;  ///< line breaks that a foreign last message lacks
    const Batch& batch;
    std::span<const Batch::Entry> entries;

    std::uint64_t end() const;
};

/// Writes and syncs it, the name of a new file as well, then reads it back and compares. On failure the file
/// is cut back to where the piece begins; if that fails as well, the next reconcile does it.
void append(const OpenMbox& mbox, const Piece& piece);

}  // namespace popkeep::archive
