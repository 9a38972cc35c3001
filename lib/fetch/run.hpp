#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "fetch/job.hpp"
#include "fetch/observer.hpp"

namespace popkeep::fetch {

/// What a run came to.
struct Summary {
    std::uint64_t listed = 0;
    std::uint64_t fresh = 0;           ///< listed ones that weren't in the archive
    std::uint64_t archived = 0;        ///< newly written
    std::uint64_t claimed = 0;         ///< found in the archive and tied to their UIDs
    std::uint64_t refused = 0;         ///< not given out by the server, or quarantined
    std::uint64_t left = 0;            ///< not fetched: --limit, a stop, no room
    std::uint64_t deleted = 0;         ///< confirmed by QUIT
    std::uint64_t unconfirmed = 0;     ///< DELE sent, QUIT's answer missing or -ERR
    std::uint64_t bytes = 0;           ///< content archived
    std::uint64_t fetched = 0;         ///< messages received, those found archived included
    std::uint64_t octets = 0;          ///< content received
    bool braked = false;               ///< the brake stopped the deletions
    std::uint64_t lacking_octets = 0;  ///< what the disk has no room for, as listed
    std::uint64_t sessions = 0;        ///< of a draining run
    /// At the end of a draining run: at least so many messages that it archived and did not delete are not
    /// listed any more. The provider hides what it has given out.
    std::uint64_t unlisted = 0;
    /// When the first certificate of the server's chain expires, in seconds since 1970.
    std::optional<std::int64_t> certificate_expires;
    double seconds = 0;
    std::vector<std::string> files;  ///< mboxes written to, absolute
    /// When the messages archived were received, by their topmost Received field, as far as they have one.
    std::optional<std::int64_t> oldest, newest;
    /// The error that ended the run, or what makes its exit code other than 0 (partial 75 or 65, the brake
    /// 75).
    std::optional<Error> error;
    /// True if the trouble stays untold where nobody looks: it may pass by itself, or was told today already.
    bool silent = false;
    int exit_code() const { return error ? error->exit_code() : 0; }
    /// Off the server by this run, for all that is known.
    std::uint64_t gone() const { return deleted + unconfirmed; }
};

/// Runs one account once: list, identify, retrieve, delete. Never throws an Error for what happens in the
/// run: it is in the Summary, which says what was achieved until then.
Summary run(const Job& job, Observer& observer);

}  // namespace popkeep::fetch
