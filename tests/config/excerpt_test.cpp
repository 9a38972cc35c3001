#include "config/excerpt.hpp"

#include <gtest/gtest.h>

namespace popkeep::config {
namespace {

TEST(Excerpt, ShowsTheTokenAndHidesTheRest) {
    EXPECT_EQ(excerpt("a = 1\n  delte = \"hush\"\n", {.line = 2, .column = 3, .end_column = 8}),
              "  2 |   delte = …\n    |   ^\n");
    EXPECT_EQ(excerpt("delete = \"x\" # mine", {.line = 1, .column = 10, .end_column = 13}),
              "  1 | delete = \"x\" …\n    |          ^\n");
}

TEST(Excerpt, HidesWhatStandsBefore) {
    const std::string line = "a = {password = \"hush\", delte = 1}";
    EXPECT_EQ(excerpt(line, {.line = 1, .column = 25, .end_column = 30}), "  1 | … delte = …\n    |   ^\n");
    EXPECT_EQ(excerpt("hush", {.line = 1, .column = 5, .end_column = 5}), "  1 | … \n    |   ^\n");
}

TEST(Excerpt, CountsCodePointsAndKeepsTabs) {
    EXPECT_EQ(excerpt("\tété", {.line = 1, .column = 2, .end_column = 5}), "  1 | \tété\n    | \t^\n");
    EXPECT_EQ(excerpt("# été x", {.line = 1, .column = 7, .end_column = 8, .whole_line = true}),
              "  1 | # été x\n    |       ^\n");
}

TEST(Excerpt, HidesControlCharactersThatStandBefore) {
    EXPECT_EQ(excerpt("# \x1b]0;x x", {.line = 1, .column = 9, .end_column = 10, .whole_line = true}),
              "  1 | … x\n    |   ^\n");
}

TEST(Excerpt, SurvivesPlacesThatAreNotThere) {
    EXPECT_EQ(excerpt("", {.line = 7, .column = 9, .end_column = 3}), "  7 | \n    | ^\n");
}

TEST(Excerpt, KnowsAHeaderWithNothingBehindIt) {
    for (const char* line : {"[account.a]", " [account.a-b.c] ", "[[account.a]]", "[account.a",
                             "[account.\"a b\"]", "[defaults]", "[account", "["})
        EXPECT_TRUE(is_header(line)) << line;
    for (const char* line : {"[account.a] x", "[account.a]]; \"x\"", "[account.\"a\"] \"x\"", "[account.\"a",
                             "[account.a = \"x\"]", "[x]", "[x", "[\"x\"]", "account.a", ""})
        EXPECT_FALSE(is_header(line)) << line;
}

TEST(Excerpt, FindsLinesWithEitherEnd) {
    EXPECT_EQ(line_of("a\r\nb\nc", 1), "a");
    EXPECT_EQ(line_of("a\r\nb\nc", 3), "c");
    EXPECT_EQ(line_of("a\r\nb\nc", 4), "");
}

}  // namespace
}  // namespace popkeep::config
