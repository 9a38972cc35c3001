#include "archive/clock.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <ctime>

namespace popkeep::test {

std::atomic<int> seconds_passed = 0;

}  // namespace popkeep::test

// The program's looks at the clock come here first.
extern "C" int clock_gettime(clockid_t clock, struct timespec* time) noexcept {
    const auto result = static_cast<int>(syscall(SYS_clock_gettime, clock, time));
    if (clock == CLOCK_MONOTONIC) time->tv_sec += popkeep::test::seconds_passed;
    return result;
}
