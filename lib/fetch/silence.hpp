#pragma once

#include <cstdint>

#include "archive/archive.hpp"
#include "base/error.hpp"

namespace popkeep::fetch {

/// Whether an unattended run keeps its trouble to itself. A passing one is told only when no run has gone
/// through for 24 h (counted from the first attempt if none ever has), then once a day. Any other is
/// told at once, then at most daily as long as it is the same (told_today()); so is a refused password, with
/// the back-off that follows. Notes in the ledger, or for told_today(), that it was told.
bool stays_silent(archive::Archive& archive, ledger::Id account, const Error& error);

}  // namespace popkeep::fetch
