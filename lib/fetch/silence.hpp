#pragma once

#include <cstdint>

#include "archive/archive.hpp"
#include "base/error.hpp"

namespace popkeep::fetch {

/// Whether an unattended run keeps a passing trouble to itself: until the account has had no success for 24 h
/// (counted from its first attempt if it never had one), then it is told once a day. Notes in the ledger that
/// it was told. A password in back-off is told at most daily as well.
bool stays_silent(archive::Archive& archive, ledger::Id account, const Error& error);

}  // namespace popkeep::fetch
