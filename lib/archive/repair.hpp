#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "archive/archive.hpp"

namespace popkeep::archive {

struct RepairOptions {
    bool refetch_missing = false;  ///< messages whose bytes are gone are fetched again if listed
    bool dry_run = false;          ///< says what would be done
};

struct Repaired {
    std::vector<std::string> done;  ///< a sentence each, in order
    std::uint64_t adopted = 0;      ///< messages found in the mboxes and entered as unclaimed
    std::uint64_t missing = 0;      ///< still without bytes afterwards
};

/// Brings ledger and mboxes together again: a damaged ledger is set aside and built anew from the mboxes
/// (what can be read of UIDs and receipts is carried over), mboxes that were edited, moved in or replaced are
/// scanned, unfinished appends settled. Never removes a message from an mbox.
Repaired repair(const std::string& directory, const RepairOptions& options);

}  // namespace popkeep::archive
