#include "message/retriever.hpp"

#include <gtest/gtest.h>

#include <string>

#include "message/facts.hpp"

namespace popkeep::message {
namespace {

const std::string original =
    "Return-Path: <anna@example.com>\n"
    "Received: from a by b; Mon, 2 Mar 2026 10:00:00 +0000\n"
    "Subject: Lunch\n\n";

void expect_original(const std::string& fetched) {
    const auto found = without_retriever(fetched + "At noon?\n");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->header, examine(original).header);
    EXPECT_EQ(found->bytes, fetched.size() - original.size());
    EXPECT_EQ(found->lines, examine(fetched).lines - examine(original).lines);
}

TEST(Retriever, TakesAwayWhatMpopPutsOnTop) {
    expect_original(
        "Received: from 127.0.0.1 (localhost [127.0.0.1])\n\tby vm (mpop-1.4.18) with POP3\n"
        "\tfor <root>; Tue, 24 Nov 2026 19:24:12 +0000\n" +
        original);
}

TEST(Retriever, TakesAwayWhatGetmailPutsBehindTheReturnPath) {
    expect_original(
        "Return-Path: <anna@example.com>\nDelivered-To: unknown\n"
        "Received: from 127.0.0.1 (127.0.0.1:36075) by localhost with POP3 getmail6\n"
        "  msgid:uid-000001; 24 Nov 2026 19:24:16 -0000\n" +
        original.substr(original.find("Received")));
}

TEST(Retriever, TakesAwayWhatFetchmailPutsBehindTheReturnPath) {
    expect_original(
        "Return-Path: <anna@example.com>\nReceived: from 127.0.0.1 [127.0.0.1]\n"
        "\tby vm with POP3 (fetchmail-6.4.37)\n\tfor <root@localhost> (single-drop); Tue, 24 Nov 2026 "
        "19:24:48 +0000 (UTC)\n" +
        original.substr(original.find("Received")));
}

TEST(Retriever, LeavesAMessageThatNobodyMarkedAlone) {
    EXPECT_FALSE(without_retriever(original));
    EXPECT_FALSE(without_retriever(""));
    EXPECT_FALSE(without_retriever("\n(mpop-1.4.18)\n"));
}

TEST(Retriever, LeavesTheServersDeliveredToAlone) {
    const std::string header = "Delivered-To: me\n" + original;
    const auto found = without_retriever("Received: by x (mpop-1.4.18) with POP3\n" + header);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->header, examine(header).header);
    // fetchmail puts its field behind it and adds none of the kind.
    const auto behind = without_retriever("Delivered-To: me\nReceived: by x with POP3 (fetchmail-6.4.37)\n" +
                                          original.substr(original.find("Received")));
    ASSERT_TRUE(behind);
    EXPECT_EQ(behind->header,
              examine("Delivered-To: me\n" + original.substr(original.find("Received"))).header);
}

TEST(Retriever, BelievesNoMarkBelowAnothersReceived) {
    EXPECT_FALSE(without_retriever("Received: from a by b\nReceived: by x (mpop-1.4.18) with POP3\n\n"));
}

}  // namespace
}  // namespace popkeep::message
