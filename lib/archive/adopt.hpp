#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "archive/archive.hpp"
#include "archive/search.hpp"

namespace popkeep::archive {

/// The mboxes of an archive that its ledger doesn't know.
std::vector<std::string> unknown_mboxes(Archive& archive, const Denied& denied = refuse);

/// Enters the unknown mboxes; their messages become unclaimed. Returns how many messages they hold.
std::uint64_t adopt_mboxes(Archive& archive);

/// For a ledger that is older than the mboxes: restored from a backup, or its log was removed. Enters those
/// of `files` (relative; where a run may have written since) and their further parts that it doesn't know; if
/// it knows none at all, every unknown mbox. Warns of each. Before a listing is compared with the ledger:
/// what stands in them must not be fetched once more.
void adopt_later_mboxes(Archive& archive, std::span<const std::string> files);

}  // namespace popkeep::archive
