#pragma once

#include <cstdint>

#include "ledger/database.hpp"
#include "ledger/rows.hpp"

namespace popkeep::ledger {

/// How many archived messages of an account may still be on its server.
struct Deletable {
    std::uint64_t messages = 0;
    std::uint64_t left_alone = 0;  ///< besides: the server has answered often enough, and kept them
};

/// Of those archived not after `latest` whose deletion isn't confirmed; see Deletions::answered().
Deletable count_deletable(Database& database, Id account, std::int64_t latest, std::uint64_t most_answers);

}  // namespace popkeep::ledger
