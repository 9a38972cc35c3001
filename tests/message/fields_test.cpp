#include "message/fields.hpp"

#include <gtest/gtest.h>

#include "message/facts.hpp"

using namespace popkeep::message;

TEST(Fields, TheNameStandsBeforeTheColon) {
    EXPECT_EQ(field_name("Subject: hello: world\n"), "Subject");
    EXPECT_EQ(field_name("Status \t: RO\n"), "Status");
    EXPECT_EQ(field_name("no field\n: x"), "");
    EXPECT_EQ(field_name(":"), "");
}

TEST(Fields, WhatReadersWriteIsKnown) {
    for (const char* name :
         {"Status", "X-Status", "X-Keywords", "X-UID", "X-IMAP", "X-IMAPbase", "X-Mozilla-Status",
          "X-Mozilla-Status2", "X-Mozilla-Keys", "X-Evolution", "Content-Length", "Lines"})
        EXPECT_TRUE(is_readers_field(name)) << name;
}

TEST(Fields, ReadersFieldsAreKnownInAnyCase) {
    EXPECT_TRUE(is_readers_field("status"));
    EXPECT_TRUE(is_readers_field("X-IMAPBASE"));
    EXPECT_TRUE(is_readers_field("Content-length"));
    EXPECT_FALSE(is_readers_field("X-UIDL"));
    EXPECT_FALSE(is_readers_field("Content-Type"));
    EXPECT_FALSE(is_readers_field(""));
}

TEST(PostmarkSender, IsTheAddressBetweenTheBrackets) {
    EXPECT_EQ(postmark_sender(" <a@example.org>\n"), "a@example.org");
    EXPECT_EQ(postmark_sender(" a@example.org\r\n"), "a@example.org");
    EXPECT_EQ(postmark_sender("\n\t<a@example.org>\n"), "a@example.org");
    EXPECT_EQ(postmark_sender(" <>\n"), "");
    EXPECT_EQ(postmark_sender("\n"), "");
}

TEST(PostmarkSender, IsAlwaysOneWord) {
    EXPECT_EQ(postmark_sender(" <\"a b\"@example.org>"), "\"a-b\"@example.org");
    EXPECT_EQ(postmark_sender(" <a\n\tb\x01\x7f@x>"), "a--b--@x");
    EXPECT_EQ(postmark_sender(" <j\xc3\xbcrgen@x>"), "j\xc3\xbcrgen@x");
}

TEST(PostmarkSender, IsCutAt200BytesButNotInsideACharacter) {
    EXPECT_EQ(postmark_sender("<" + std::string(300, 'a') + ">"), std::string(200, 'a'));
    EXPECT_EQ(postmark_sender("<" + std::string(199, 'a') + "\xc3\xbc>"), std::string(199, 'a'));
}

TEST(ContentLength, IsANumberOrNothing) {
    EXPECT_EQ(content_length(" 120\n"), 120U);
    EXPECT_EQ(content_length(" 12 0\n"), std::nullopt);
    EXPECT_EQ(content_length(" -1\n"), std::nullopt);
    EXPECT_EQ(content_length(" 99999999999999999999\n"), std::nullopt);
}
