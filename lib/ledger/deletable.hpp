#pragma once

#include <cstdint>

#include "ledger/database.hpp"
#include "ledger/rows.hpp"

namespace popkeep::ledger {

/// How many archived messages of an account may still be on its server: those archived not after `latest`
/// whose deletion there was never confirmed.
std::uint64_t count_deletable(Database& database, Id account, std::int64_t latest);

}  // namespace popkeep::ledger
