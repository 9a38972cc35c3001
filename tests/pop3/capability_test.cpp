#include "pop3/capability.hpp"

#include <gtest/gtest.h>

namespace popkeep::pop3 {
namespace {

TEST(Capabilities, CompareKeywordsWithoutCase) {
    Capabilities capabilities;
    capabilities.add("pipelining");
    capabilities.add("SASL PLAIN  LOGIN\tXOAUTH2");
    EXPECT_TRUE(capabilities.has("PIPELINING"));
    EXPECT_FALSE(capabilities.has("PIPE"));
    EXPECT_EQ(capabilities.arguments("sasl"), (std::vector<std::string>{"PLAIN", "LOGIN", "XOAUTH2"}));
    EXPECT_TRUE(capabilities.arguments("TOP").empty());
}

TEST(Capabilities, IgnoreWhatIsUnusable) {
    Capabilities capabilities;
    capabilities.add("");
    capabilities.add("  \t ");
    capabilities.add(std::string(100'000, 'x'));
    EXPECT_TRUE(capabilities.empty());
    for (int i = 0; i < 1'000; ++i) capabilities.add("X-" + std::to_string(i));
    EXPECT_EQ(capabilities.lines().size(), 200U);
}

}  // namespace
}  // namespace popkeep::pop3
