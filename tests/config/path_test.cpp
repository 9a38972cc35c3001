#include <cstdlib>

#include "config/refusal.hpp"
#include "config/values.hpp"

namespace popkeep::config {
namespace {

TEST(Path, RelativeOnesCountFromTheirBase) {
    EXPECT_EQ(parse_path("Mail/old", "/etc/popkeep"), "/etc/popkeep/Mail/old");
    EXPECT_EQ(parse_path("/var//mail/./x/", "/etc"), "/var/mail/x");
    EXPECT_EQ(parse_path("/", "/etc"), "/");
    EXPECT_EQ(parse_path(".", "/etc"), "/etc");
}

TEST(Path, DotDotStaysForTheSystemToFollow) {
    EXPECT_EQ(parse_path("../x", "/etc/popkeep"), "/etc/popkeep/../x");
}

TEST(Path, TheTildeIsTheHomeFolder) {
    setenv("HOME", "/home/me", 1);
    EXPECT_EQ(parse_path("~/Mail", "/etc"), "/home/me/Mail");
    EXPECT_EQ(parse_path("~", "/etc"), "/home/me");
    EXPECT_EQ(parse_path("./~x", "/etc"), "/etc/~x");
    EXPECT_EQ(refusal([] { parse_path("~you/Mail", "/etc"); }),
              "'~you/Mail' is not a usable path: '~' stands for your own home folder only; write ./~ for a "
              "name that "
              "begins with it");
}

TEST(Path, UnusableOnesAreRefused) {
    EXPECT_EQ(refusal([] { parse_path("", "/"); }), "'' is not a usable path: it is empty");
    EXPECT_EQ(refusal([] { parse_path("a\nb", "/"); }),
              "'a\\nb' is not a usable path: it holds control characters");
    EXPECT_NE(refusal([] { parse_path(std::string(5000, 'x'), "/"); }).find("longer than 4,096 bytes"),
              std::string::npos);
}

}  // namespace
}  // namespace popkeep::config
