#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace popkeep {

/// Seconds since 1970, UTC. Wall clock: it may jump.
std::int64_t now();

constexpr std::int64_t seconds_per_hour = 3600;
constexpr std::int64_t seconds_per_day = 24 * seconds_per_hour;

/// True if the two are less than `seconds` apart. What a clock said before it was set right may lie years
/// ahead: such a time isn't recent.
bool are_near(std::int64_t one, std::int64_t other, std::int64_t seconds);

/// "2026-11-24 15:04:05" in local time, for people.
std::string local_time(std::int64_t seconds);
/// "2026-11-24T15:04:05Z", for machines.
std::string utc_time(std::int64_t seconds);

/// A point on the monotonic clock after which waiting is over.
class Deadline {
  public:
    using Clock = std::chrono::steady_clock;

    static Deadline in(Clock::duration wait) { return Deadline(Clock::now() + wait); }
    bool passed() const { return Clock::now() >= at_; }
    /// For poll(2): milliseconds left, rounded up, at most `cap`; 0 once passed.
    int poll_milliseconds(std::chrono::milliseconds cap) const;
    friend Deadline earlier(Deadline a, Deadline b) { return a.at_ < b.at_ ? a : b; }

  private:
    explicit Deadline(Clock::time_point at) : at_(at) {}
    Clock::time_point at_;
};

}  // namespace popkeep
