#include "mbox/format.hpp"

#include <gtest/gtest.h>

using namespace popkeep::mbox;

TEST(Postmark, HasSenderAndUtcDate) {
    EXPECT_EQ(make_postmark("a@example.org", 1763985600), "From a@example.org Mon Nov 24 12:00:00 2025\n");
    EXPECT_EQ(make_postmark("", 0), "From MAILER-DAEMON Thu Jan  1 00:00:00 1970\n");
}

TEST(Postmark, ATimeBeyondFourDigitsIsTheNearestEnd) {
    EXPECT_EQ(make_postmark("a", -1), "From a Thu Jan  1 00:00:00 1970\n");
    EXPECT_EQ(make_postmark("a", 253402300800), "From a Fri Dec 31 23:59:59 9999\n");
}

TEST(Postmark, OnesOfForeignProgramsNeedLittle) {
    EXPECT_TRUE(is_postmark("From x"));
    EXPECT_TRUE(is_postmark("From here on"));
    EXPECT_FALSE(is_postmark("From "));
    EXPECT_FALSE(is_postmark("From \r"));
    EXPECT_FALSE(is_postmark("From"));
    EXPECT_FALSE(is_postmark("From:x"));
    EXPECT_FALSE(is_postmark(">From x"));
}

TEST(Postmark, OursAreRecognised) {
    for (const std::int64_t time : {0L, 951782400L, 1763985600L, 253402300799L}) {
        const std::string line = make_postmark("a@b", time);
        EXPECT_TRUE(is_own_postmark(std::string_view(line).substr(0, line.size() - 1))) << line;
    }
}

TEST(Postmark, ADateTellsAnyProgramsFromText) {
    for (const char* dated :
         {"From a Thu Jan  1 00:00:00 1970", "From a  Thu Jan 1 00:00:00 1970 +0100\r",
          "From Thu Jan  1 00:00:00 1970", "From a b remote from c Thu Jan  1 00:00 MET 1970"})
        EXPECT_TRUE(is_dated_postmark(dated)) << dated;
    for (const char* text :
         {"", "From ", "From a", "From: a Thu Jan  1 00:00:00 1970", "From Thursday to Friday",
          "From a; Thu, 1 Jan 1970 00:00:00", "From a Thu Jan", "From a Thu Jen  1", "From aThu Jan  1"})
        EXPECT_FALSE(is_dated_postmark(text)) << text;
}

TEST(Postmark, OthersAreNotTakenForOurs) {
    for (const char* other : {
             "",
             "From ",
             "From a",
             "From  Thu Jan  1 00:00:00 1970",
             "From Thu Jan  1 00:00:00 1970",
             "From a b Thu Jan  1 00:00:00 1970",
             "From a Thu Jan  1 00:00:00 1970\r",
             "From a Thu Jan  1 00:00 1970",
             "From a Thu Foo  1 00:00:00 1970",
             "From a Tho Jan  1 00:00:00 1970",
             "From a Thu Jan  x 00:00:00 1970",
             "From a Thu Jan  1 00:00:00 +100",
             "from a Thu Jan  1 00:00:00 1970",
         }) {
        EXPECT_FALSE(is_own_postmark(other)) << other;
    }
}
