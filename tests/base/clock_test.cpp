#include "base/clock.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>

using namespace popkeep;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Clock, WritesUtcForMachines) {
    EXPECT_EQ(utc_time(0), "1970-01-01T00:00:00Z");
    EXPECT_EQ(utc_time(1764000000), "2025-11-24T16:00:00Z");
}

// In a process of its own, for the zone is everybody's.
TEST(Clock, UtcIsTheSameInEveryZone) {
    EXPECT_EXIT(
        {
            setenv("TZ", "JST-9", 1);
            tzset();
            _exit(utc_time(0) == "1970-01-01T00:00:00Z" ? 0 : 1);
        },
        testing::ExitedWithCode(0), "");
}

TEST(Clock, ADeadlineIsOverOnceItsTimeHasPassed) {
    EXPECT_TRUE(Deadline::in(seconds(0)).passed());
    EXPECT_FALSE(Deadline::in(seconds(100)).passed());
}

TEST(Clock, ADeadlineGivesPollNoMoreThanItsCapAndNeverLessThanNothing) {
    EXPECT_EQ(Deadline::in(seconds(100)).poll_milliseconds(milliseconds(50)), 50);
    EXPECT_EQ(Deadline::in(seconds(-5)).poll_milliseconds(milliseconds(50)), 0);
    EXPECT_GT(Deadline::in(seconds(1)).poll_milliseconds(milliseconds(5000)), 900);
}

TEST(Clock, TheEarlierOfTwoDeadlinesCounts) {
    EXPECT_TRUE(earlier(Deadline::in(seconds(100)), Deadline::in(seconds(0))).passed());
}

TEST(Clock, TimesAreNearWhicheverComesFirst) {
    for (const std::int64_t other : {101, 99}) {
        EXPECT_TRUE(are_near(100, other, 2)) << other;
        EXPECT_FALSE(are_near(100, other, 1)) << other;
    }
}
