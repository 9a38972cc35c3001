#pragma once

#include <cstdint>

#include "archive/archive.hpp"
#include "fetch/job.hpp"
#include "ledger/rows.hpp"

namespace popkeep::fetch {

/// What an account's next run will delete on the server.
struct Forecast {
    std::uint64_t messages = 0;  ///< at most; others may have removed some, and the run looks at each
    /// Due as well, but the server kept them however often it was asked. At most, too.
    std::uint64_t left_alone = 0;
    bool braked = false;  ///< more than the brake allows: the run will stop
};

/// By the policy, from the ledger alone: no server is asked. What only the next run archives isn't counted.
Forecast forecast(archive::Archive& archive, ledger::Id account, const DeletePolicy& policy,
                  const Brake& brake, std::int64_t time);

}  // namespace popkeep::fetch
