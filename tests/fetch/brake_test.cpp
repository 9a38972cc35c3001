#include <gtest/gtest.h>

#include "fetch/job.hpp"

namespace popkeep::fetch {
namespace {

TEST(Brake, AllowsAHundredOrAFifthUnlessToldOtherwise) {
    EXPECT_EQ(Brake{}.allowed(10), 100U);
    EXPECT_EQ(Brake{}.allowed(1000), 200U);
}

TEST(Brake, AllowsTheNumberGiven) {
    EXPECT_EQ((Brake{.messages = 3, .percent = {}}.allowed(1000)), 3U);
}

TEST(Brake, AllowsThePercentageGiven) {
    EXPECT_EQ((Brake{.messages = {}, .percent = 50}.allowed(9)), 4U);
}

}  // namespace
}  // namespace popkeep::fetch
