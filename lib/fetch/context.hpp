#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "archive/appender.hpp"
#include "archive/archive.hpp"
#include "fetch/hiding.hpp"
#include "fetch/job.hpp"
#include "fetch/observer.hpp"
#include "fetch/run.hpp"
#include "fetch/troubles.hpp"
#include "ledger/rows.hpp"
#include "pop3/session.hpp"

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
    Hiding& hiding;
    Summary& summary;
    /// Commands go one at a time for the rest of the run: a pipelined session was lost in a muddle.
    bool lockstep = false;
    /// So many sessions, one after the other, were lost over TOP before a single header came: see has_top().
    int lost_to_top = 0;
    /// What the server wants between two logins (RFC 2449 section 6.5), an hour at most.
    std::chrono::seconds login_delay{0};
    /// Why something waits for the next run although nothing failed: the server wanted a pause first.
    std::optional<pop3::LoginRefused> too_soon{};
    /// What a person answered to the question before the first deletion.
    std::optional<bool> may_delete{};
    /// The clock jumped since the last run: nothing is deleted by age.
    bool clock_jumped = false;
    /// When the latest session had signed in.
    std::chrono::steady_clock::time_point signed_in_at{};
};

}  // namespace popkeep::fetch
