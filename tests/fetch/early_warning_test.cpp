#include "fetch/early_warning.hpp"

#include <gtest/gtest.h>

namespace popkeep::fetch {
namespace {

constexpr std::int64_t day = 86400;

TEST(LastReminder, Comes14And7And3DaysAndOneDayBeforeTheEnd) {
    constexpr std::int64_t ends = 100 * day;
    EXPECT_EQ(last_reminder(ends, 87 * day), 86 * day);
    EXPECT_EQ(last_reminder(ends, 93 * day), 86 * day);
    EXPECT_EQ(last_reminder(ends, 93 * day + 1), 93 * day);
    EXPECT_EQ(last_reminder(ends, 98 * day), 97 * day);
    EXPECT_EQ(last_reminder(ends, 99 * day + 1), 99 * day);
}

TEST(ACertificateExpiresSoon, WithinFourteenDaysIfItLivesLong) {
    EXPECT_FALSE(expires_soon(0, 365 * day, 351 * day));
    EXPECT_TRUE(expires_soon(0, 365 * day, 351 * day + 1));
    EXPECT_FALSE(expires_soon(0, 90 * day, 75 * day));
    EXPECT_TRUE(expires_soon(0, 90 * day, 77 * day));
}

TEST(ACertificateExpiresSoon, InTheLastQuarterOfAShortLife) {
    // As those of six days that are renewed after three.
    EXPECT_FALSE(expires_soon(0, 6 * day, 4 * day));
    EXPECT_TRUE(expires_soon(0, 6 * day, 5 * day));
}

}  // namespace
}  // namespace popkeep::fetch
