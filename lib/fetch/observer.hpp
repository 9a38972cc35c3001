#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pop3/listing.hpp"
#include "pop3/session.hpp"

namespace popkeep::fetch {

/// What a run is about to do.
struct Plan {
    std::uint64_t listed = 0, listed_octets = 0;
    std::uint64_t wanted = 0;         ///< messages to retrieve, those in doubt included
    std::uint64_t wanted_octets = 0;  ///< as far as LIST said
    std::uint64_t unsized = 0;        ///< how many of them LIST gave no size for
    std::uint64_t undecided = 0;      ///< of them, those that may turn out to be archived already
    std::uint64_t claimed = 0;        ///< found in the archive without downloading
    std::uint64_t held_back = 0;      ///< quarantined, or without room on the disk
    std::vector<pop3::Listed> fetch;  ///< only for a dry run
    std::vector<pop3::Listed>
        remove;  ///< only for a dry run: those that would be deleted, just fetched or not
};

/// A message that could not be had.
struct Trouble {
    std::string uid;  ///< raw
    std::uint32_t number = 0;
    std::string said;  ///< by the server, raw; or what went wrong
    std::uint64_t failures = 1;
    bool quarantined = false;  ///< not asked for again but with growing pauses
    bool tell = true;          ///< false if it was told within the last day
};

/// One of a draining run's sessions that brought something.
struct Round {
    std::uint64_t number = 1;
    std::uint64_t messages = 0, bytes = 0;          ///< archived by it
    std::uint64_t all_messages = 0, all_bytes = 0;  ///< archived by the run so far
    std::uint64_t listed = 0;                       ///< by the server in it
    /// How many are still to come, where that is known (--limit, or listed and left): at most.
    std::optional<std::uint64_t> to_come;
    double seconds = 0;            ///< since the run began
    std::chrono::seconds wait{0};  ///< until the next one
};

/// Listens to a run. The terminal, JSON and silence are three of them. Called on the run's thread; what a
/// member throws ends the run like a local failure.
class Observer {
  public:
    virtual ~Observer() = default;
    virtual void connected(const pop3::Session&) {}
    virtual void planned(const Plan&) {}
    /// At least once a second while messages arrive, and at the end. Totals of this run.
    virtual void progress(std::uint64_t /*messages*/, std::uint64_t /*octets*/) {}
    virtual void trouble(const Trouble&) {}
    virtual void round(const Round&) {}
    /// Once a second while a draining run waits for its next session.
    virtual void waiting(std::chrono::seconds /*left*/) {}
    /// A sentence worth telling ("the session broke and was begun anew").
    virtual void note(std::string_view) {}
    /// One that nobody should miss, a terminal or not ("3 messages are missing now").
    virtual void warning(std::string_view sentence) { note(sentence); }
    /// A line of the conversation with the server, secrets masked; for Job::session.trace.
    virtual void conversation(pop3::Direction, std::string_view /*line*/) {}
    /// Before the first deleting run of an account, if Job::attended: may it go on?
    virtual bool may_delete(std::uint64_t /*messages*/, std::uint64_t /*listed*/) { return true; }
};

}  // namespace popkeep::fetch
