#include "fetch/early_warning.hpp"

#include <gtest/gtest.h>

namespace popkeep::fetch {
namespace {

constexpr std::int64_t day = 86400;

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
