#include <gtest/gtest.h>

#include "message/facts.hpp"

using namespace popkeep;
using message::examine;
using message::Facts;

TEST(Examiner, CountsAndHashesTheWholeContent) {
    const std::string content = "A: 1\nB: 2\n\nbody\nmore";
    const Facts facts = examine(content);
    EXPECT_EQ(facts.content, sha256(content));
    EXPECT_EQ(facts.header, sha256("A: 1\nB: 2\n"));
    EXPECT_EQ(facts.stripped, std::nullopt);
    EXPECT_EQ(facts.size, content.size());
    EXPECT_EQ(facts.lines, 4U);
    EXPECT_EQ(facts.body_size, 9U);
}

TEST(Examiner, KnowsTheEmptyMessage) {
    const Facts facts = examine("");
    EXPECT_EQ(facts.content, sha256(""));
    EXPECT_EQ(facts.header, sha256(""));
    EXPECT_EQ(facts.size, 0U);
    EXPECT_EQ(facts.body_size, 0U);
}

TEST(Examiner, AMessageMayHaveNoHeaderOrNoBody) {
    EXPECT_EQ(examine("\nbody\n").header, sha256(""));
    EXPECT_EQ(examine("\nbody\n").body_size, 5U);
    EXPECT_EQ(examine("A: 1\n").body_size, 0U);
    EXPECT_EQ(examine("A: 1\n\n").body_size, 0U);
}

TEST(Examiner, HeadersAreTheSameWithAndWithoutTheirLastLf) {
    EXPECT_EQ(examine("A: 1\nB: 2").header, examine("A: 1\nB: 2\n\nbody\n").header);
    EXPECT_EQ(examine("A: 1\nB: 2").content, sha256("A: 1\nB: 2"));
}

TEST(Examiner, LeavesReadersFieldsOutOfHeaderAndStrippedDigest) {
    const Facts facts =
        examine("A: 1\nStatus: RO\nX-Keywords: a\n\tb\n c\nB: 2\n d\ncontent-length: 5\n\nStatus: x\n");
    EXPECT_EQ(facts.header, sha256("A: 1\nB: 2\n d\n"));
    EXPECT_EQ(facts.stripped, sha256("A: 1\nB: 2\n d\n\nStatus: x\n"));
    EXPECT_EQ(facts.content_length, 5U);
}

TEST(Examiner, CountsWhatReadersFieldsTake) {
    const std::string fields = "Status: RO\nX-Keywords: a\n\tb\n" + std::string(20'000, ' ') + "c\n";
    const Facts facts = examine("A: 1\n" + fields + "B: 2\n\nStatus: x\n");
    EXPECT_EQ(facts.readers_size, fields.size());
    EXPECT_EQ(facts.readers_lines, 4U);
    EXPECT_EQ(examine("Status: RO").readers_size, 10U);
    EXPECT_EQ(examine("Status: RO").readers_lines, 0U);
}

TEST(Examiner, AStrippedDigestCoversWhatIsThereToTheByte) {
    EXPECT_EQ(examine("A: 1\nStatus: RO").stripped, sha256("A: 1\n"));
    EXPECT_EQ(examine("A: 1\nStatus: RO").header, sha256("A: 1\n"));
    EXPECT_EQ(examine("Status: RO\nA: 1").stripped, sha256("A: 1"));
    EXPECT_EQ(examine("Status: RO\nA: 1").header, sha256("A: 1\n"));
    EXPECT_EQ(examine("Status: RO\n\n").stripped, sha256("\n"));
}

TEST(Examiner, AStrayPostmarkOrContinuationIsALineLikeAnyOther) {
    EXPECT_EQ(examine(">From x\n y\nStatus: O\nA: 1\n\n").header, sha256(">From x\n y\nA: 1\n"));
    EXPECT_EQ(examine(" begins with a blank\nA: 1\n\n").header, sha256(" begins with a blank\nA: 1\n"));
}

TEST(Examiner, AnEmptyLineOfAForeignMboxMayEndInCrlf) {
    const Facts facts = examine("A: 1\r\nStatus: RO\r\n\r\nbody\r\n");
    EXPECT_EQ(facts.header, sha256("A: 1\r\n"));
    EXPECT_EQ(facts.stripped, sha256("A: 1\r\n\r\nbody\r\n"));
    EXPECT_EQ(facts.body_size, 6U);
}

TEST(Examiner, TakesSenderAndDateFromTheTopmostFields) {
    const Facts facts = examine(
        "Return-Path: <first@example.org>\n"
        "received: from a by b;\n\tMon, 24 Nov 2025 12:00:00 +0000\n"
        "Received: from c by d; Sun, 23 Nov 2025 12:00:00 +0000\n"
        "Return-Path: <second@example.org>\n\n");
    EXPECT_EQ(facts.sender, "first@example.org");
    EXPECT_EQ(facts.received, 1763985600);
}

TEST(Examiner, AnUnreadableTopmostDateIsNotReplacedByAnOlderOne) {
    EXPECT_EQ(
        examine("Received: from a by b\nReceived: from c by d; 23 Nov 2025 12:00:00 +0000\n\n").received,
        std::nullopt);
}

TEST(Examiner, LooksAtAFieldsBeginningOnlyButHashesAllOfIt) {
    const std::string fold = "\n " + std::string(100, 'x');
    std::string content = "Received: from a by b";
    for (int i = 0; i < 200; ++i) content += fold;
    content += "; 24 Nov 2025 12:00:00 +0000\nSubject: " + std::string(100000, 'y') + "\n";
    const Facts facts = examine(content + "\n");
    EXPECT_EQ(facts.received, std::nullopt);
    EXPECT_EQ(facts.header, sha256(content));
}

TEST(Examiner, AReadersFieldOfAnyLengthIsLeftOut) {
    EXPECT_EQ(examine("A: 1\nX-Keywords: " + std::string(100000, 'k') + "\n" + std::string(50000, ' ') +
                      "\nB: 2\n\n")
                  .header,
              sha256("A: 1\nB: 2\n"));
}

TEST(Examiner, StartsAfreshWithEachMessage) {
    message::Examiner examiner;
    examiner.feed(
        "Return-Path: <a@b>\nReceived: x; 24 Nov 2025 12:00:00 +0000\nStatus: O\nContent-Length: 1\nA");
    examiner.finish();
    examiner.feed("B: 2\n\nbody\n");
    const Facts facts = examiner.finish();
    EXPECT_EQ(facts.content, sha256("B: 2\n\nbody\n"));
    EXPECT_EQ(facts.header, sha256("B: 2\n"));
    EXPECT_EQ(facts.stripped, std::nullopt);
    EXPECT_EQ(facts.received, std::nullopt);
    EXPECT_EQ(facts.content_length, std::nullopt);
    EXPECT_EQ(facts.sender, "");
    EXPECT_EQ(facts.lines, 3U);
    EXPECT_EQ(facts.body_size, 5U);
}
