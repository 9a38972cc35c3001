#pragma once

#include <cstdint>

#include "archive/archive.hpp"
#include "archive/open_mbox.hpp"

namespace popkeep::archive {

/// What became of the rows of an mbox when its bytes were read again.
struct Rescanned {
    std::uint64_t found_again = 0;  ///< rows whose bytes stand, perhaps elsewhere
    std::uint64_t restored = 0;     ///< of them, those that were missing before
    std::uint64_t adopted = 0;      ///< whole messages that had no row: now unclaimed
    std::uint64_t missing = 0;      ///< rows of accounts whose bytes are gone
    std::uint64_t junk = 0;         ///< bytes that are no message
};

/// Reads an mbox from `from` (a message's start or the end of what is accounted for) to its end and makes the
/// ledger agree with the bytes, in one transaction, after they were synced. Rows that end before `from` are
/// left alone. A last message without an empty line behind it gets one. Where the file was merely cut short,
/// the lost messages are fetched again if they are listed; otherwise somebody removed them, and they are not.
/// What was moved between mboxes is found again where it stands now.
Rescanned rescan(Archive& archive, OpenMbox& mbox, std::uint64_t from);

/// The file of this row is gone: its messages are missing, and not fetched again until `repair` is told so.
/// The row is made that of an empty mbox.
Rescanned forget_file(Archive& archive, ledger::Mbox& row);

}  // namespace popkeep::archive
