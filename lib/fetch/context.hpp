#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "archive/appender.hpp"
#include "archive/archive.hpp"
#include "fetch/job.hpp"
#include "fetch/observer.hpp"
#include "fetch/run.hpp"
#include "fetch/troubles.hpp"
#include "ledger/rows.hpp"

namespace popkeep::fetch {

/// What lasts for an account's whole run, over its sessions.
struct Context {
    const Job& job;
    Observer& observer;
    archive::Archive& archive;
    ledger::Account account;
    /// The newest time in the ledger before this run: what the clock may not be before.
    std::optional<std::int64_t> newest_time;
    archive::Appender& appender;
    Troubles& troubles;
    Summary& summary;
    /// Commands go one at a time for the rest of the run: a pipelined session was lost in a muddle.
    bool lockstep = false;
    /// What the server wants between two logins (RFC 2449 section 6.5), an hour at most.
    std::chrono::seconds login_delay{0};
    /// When the latest session had signed in.
    std::chrono::steady_clock::time_point signed_in_at{};
};

}  // namespace popkeep::fetch
