#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "archive/archive.hpp"

namespace popkeep::archive {

/// Paths, relative to the archive, of the files in it that begin like an mbox ("From ") and that the
/// ledger doesn't know. Hidden files, dotlocks and links are left out.
std::vector<std::string> unknown_mboxes(Archive& archive);

/// Enters the unknown mboxes; their messages become unclaimed. Returns how many messages they hold.
std::uint64_t adopt_mboxes(Archive& archive);

}  // namespace popkeep::archive
