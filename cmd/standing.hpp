#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "archive/archive.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "config/account.hpp"
#include "fetch/forecast.hpp"

namespace popkeep::cmd {

/// How an account stands, as its archive tells it.
struct Standing {
    std::string account;  ///< empty: the archive has none yet
    std::string archive;
    std::optional<Error> problem;  ///< the archive can't be read; then nothing else is known
    bool ever_tried = false;       ///< false: the archive knows nothing of it
    std::optional<std::int64_t> last_success, last_attempt, last_exit;
    std::string last_error;  ///< of the last attempt; empty: it succeeded
    std::uint64_t archived = 0, bytes = 0, missing = 0;
    std::uint64_t unclaimed = 0;              ///< in the whole archive: messages that no account claims
    std::vector<std::string> unknown_mboxes;  ///< in the whole archive: that the ledger doesn't know
    std::optional<ledger::Listing> listing;
    std::vector<ledger::Refusal> refusals;
    std::int64_t waiting_since = 0;  ///< last success, else first attempt, else 0
    /// Of an account of the configuration: its delete policy, and what the next run will delete.
    std::string policy;
    fetch::Forecast next;

    /// Or years ahead, by a clock that has been set right since: then nobody knows.
    bool older_than(std::int64_t seconds, std::int64_t time) const {
        return !are_near(waiting_since, time, seconds + 1);
    }
};

/// Of all accounts that the archive knows; of the archive alone if it knows none.
std::vector<Standing> standings(archive::Archive& archive);

/// Of an account of the configuration; throws nothing that its archive gives cause to.
Standing standing_of(const config::Account& account, std::int64_t time);

/// "3 h 05 min ago", "never".
std::string ago(std::optional<std::int64_t> then, std::int64_t time);

}  // namespace popkeep::cmd
