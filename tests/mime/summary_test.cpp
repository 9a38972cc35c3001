#include "mime/summary.hpp"

#include <gtest/gtest.h>

#include <string>

using popkeep::mime::summarise;

TEST(Summary, DecodesNamesAndSubjects) {
    const auto summary = summarise(
        "From: =?utf-8?Q?J=C3=BCrgen?= <j@example.com>\n"
        "Subject: =?iso-8859-1?B?R3L832U=?=\n"
        "Date: Tue, 24 Nov 2026 10:00:00 +0000\n\nbody\n");
    EXPECT_EQ(summary.from, "Jürgen");
    EXPECT_EQ(summary.subject, "Grüße");
    EXPECT_EQ(summary.date, 1795514400);
}

TEST(Summary, ShowsTheAddressWhereThereIsNoName) {
    EXPECT_EQ(summarise("From: me@example.com\n\n").from, "me@example.com");
}

TEST(Summary, IsEmptyForAnEmptyMessage) {
    const auto summary = summarise("");
    EXPECT_EQ(summary.from, "");
    EXPECT_EQ(summary.subject, "");
    EXPECT_FALSE(summary.date);
}

TEST(Summary, HoldsNoControlCharactersThatWereEncoded) {
    EXPECT_EQ(summarise("Subject: =?utf-8?Q?=1B[2J=07boo?=\n\n").subject, "\\x1b[2J\\x07boo");
}

TEST(Summary, SurvivesAHeaderOfManyMegabytes) {
    const std::string huge = "Subject: " + std::string(8 << 20, '=') + "\nFrom: " + std::string(8 << 20, '(');
    EXPECT_LE(summarise(huge).subject.size(), 210U);
}
