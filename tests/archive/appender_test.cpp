#include "archive/appender.hpp"

#include <algorithm>
#include <filesystem>

#include "archive/archive_test.hpp"
#include "archive/batch.hpp"
#include "archive/clock.hpp"
#include "base/error.hpp"

using namespace popkeep;
using archive::Appender;
using archive::Batch;
using test::mail;
using test::stored_mails;
using test::text_of;

namespace {

struct AppenderTest : test::ArchiveTest {
    archive::Appender appender{open(), [](std::int64_t) { return me; }};
    std::uint32_t next = 1;

    ~AppenderTest() override { test::seconds_passed = 0; }

    // A complete message that still waits for keep().
    void take(std::string_view content) {
        begin();
        test::give(appender, content);
        appender.end(0);
    }
    void begin() {
        const std::uint32_t number = next++;
        appender.begin({.account = account,
                        .number = number,
                        .uid = "u" + std::to_string(number),
                        .list_size = {},
                        .replaces = {}});
    }
    void keep(std::string_view content) {
        take(content);
        appender.keep();
    }
    std::uint64_t archived() { return books().messages.counts(account).archived; }
};

}  // namespace

TEST_F(AppenderTest, ANumberInTheNameOfAnMboxIsNoPartsNumber) {
    append("other", mail(9), "info@192.0.2.6.mbox");
    Appender own(open(), [](std::int64_t) { return "info@192.0.2.5.mbox"; });
    own.begin({.account = account, .number = 1, .uid = "u1", .list_size = {}, .replaces = {}});
    test::give(own, mail(1));
    own.end(0);
    own.keep();
    own.flush();
    EXPECT_EQ(bytes("info@192.0.2.5.mbox"), stored_mails(1, 1));
    EXPECT_EQ(bytes("info@192.0.2.6.mbox"), stored_mails(9, 9));
}

TEST_F(AppenderTest, WritesNothingBeforeItMust) {
    keep(mail(1));
    EXPECT_TRUE(appender.take_committed().empty());
    EXPECT_EQ(bytes(), "");
}

TEST_F(AppenderTest, TellsWhatItCommittedOnce) {
    keep(mail(1));
    keep(mail(2));
    appender.flush();
    const auto committed = appender.take_committed();
    ASSERT_EQ(committed.size(), 2U);
    EXPECT_EQ(committed[1].number, 2U);
    EXPECT_EQ(committed[1].row, row("u2").id);
    EXPECT_TRUE(appender.take_committed().empty());
    EXPECT_EQ(appender.messages(), 2U);
    EXPECT_EQ(appender.bytes(), mail(1).size() + mail(2).size());
    EXPECT_EQ(appender.files(), std::vector{path()});
}

TEST_F(AppenderTest, LeavesOutWhatIsDropped) {
    keep(mail(1));
    take(mail(2));
    appender.drop();
    begin();
    test::give(appender, "half a mess");
    appender.drop();
    keep(mail(4));
    appender.flush();
    EXPECT_EQ(bytes(), stored_mails(1, 1) + stored_mails(4, 4));
}

TEST_F(AppenderTest, TakesBackTheLastOneThatIsNotCommitted) {
    keep(mail(1));
    keep(mail(2));
    EXPECT_TRUE(appender.take_back());
    keep(mail(3));
    appender.flush();
    EXPECT_FALSE(appender.take_back());
    EXPECT_EQ(bytes(), stored_mails(1, 1) + stored_mails(3, 3));
}

TEST_F(AppenderTest, PutsAThousandMessagesIntoTheMboxAtOnce) {
    for (std::size_t i = 0; i < Batch::most_messages - 1; ++i) keep("");
    EXPECT_EQ(bytes(), "");
    keep("");
    EXPECT_NE(bytes(), "");
    appender.flush();
    EXPECT_EQ(archived(), Batch::most_messages);
}

TEST_F(AppenderTest, UsesAPauseForWhatIsWorthABatch) {
    const std::string half = text_of(Appender::worth_a_batch / 2 + 100);
    keep(half);
    appender.use_pause();
    EXPECT_EQ(bytes(), "");
    keep(half);
    appender.use_pause();
    EXPECT_NE(bytes(), "");
    keep(mail(3));
    appender.flush();
    EXPECT_EQ(archived(), 3U);
    EXPECT_EQ(verdict(), "3 exact");
}

TEST_F(AppenderTest, GoesOnWithAMessageThatAPauseInterrupted) {
    keep(text_of(Appender::worth_a_batch));
    begin();
    test::give(appender, "first ");
    appender.use_pause();
    test::give(appender, "second\n");
    appender.end(0);
    appender.keep();
    appender.flush();
    EXPECT_EQ(row("u2").content, sha256("first second\n"));
    EXPECT_EQ(verdict(), "2 exact");
}

TEST_F(AppenderTest, CommitsABatchWithTheNextOne) {
    for (std::size_t i = 0; i < Batch::most_messages; ++i) keep("");
    EXPECT_EQ(archived(), 0U);
    for (std::size_t i = 0; i < Batch::most_messages; ++i) keep("");
    EXPECT_EQ(archived(), Batch::most_messages);
    EXPECT_EQ(appender.messages(), Batch::most_messages);
    appender.flush();
    EXPECT_EQ(archived(), 2 * Batch::most_messages);
}

TEST_F(AppenderTest, PutsCompleteMessagesIntoTheMboxBeforeTheMemoryIsFull) {
    keep(mail(1));
    begin();
    const std::string piece = text_of(Batch::most_bytes / 4);
    for (int i = 0; i < 4; ++i) test::give(appender, piece);
    EXPECT_EQ(bytes(), stored_mails(1, 1));
    appender.end(0);
    appender.keep();
    appender.flush();
    EXPECT_EQ(archived(), 2U);
    EXPECT_EQ(row("u2").content, sha256(piece + piece + piece + piece));
    EXPECT_EQ(verdict(), "2 exact");
}

TEST_F(AppenderTest, TakesLessContentThanItGaveMemoryFor) {
    for (const std::size_t more : {std::size_t{1}, Batch::most_bytes}) {
        begin();
        std::ranges::fill(appender.room(more + 4), 'x');
        appender.content(4);
        test::give(appender, "\n");
        appender.end(0);
        appender.keep();
    }
    appender.flush();
    EXPECT_EQ(row("u1").content, sha256("xxxx\n"));
    EXPECT_EQ(row("u2").content, sha256("xxxx\n"));
}

TEST_F(AppenderTest, SendsAMessageThatIsBiggerThanTheMemoryThroughAFile) {
    keep(mail(1));
    const std::string big = text_of(Batch::most_bytes + 1000);
    begin();
    for (std::size_t at = 0; at < big.size(); at += 100'000)
        test::give(appender, std::string_view(big).substr(at, 100'000));
    EXPECT_EQ(appender.end(0).content, sha256(big));
    appender.keep();
    EXPECT_TRUE(bytes().ends_with("and more\n\n")) << "it isn't held back for others";
    keep(mail(3));
    appender.flush();
    EXPECT_EQ(row("u2").size, big.size());
    EXPECT_EQ(verdict(), "3 exact");
    EXPECT_TRUE(bytes().ends_with("and more\n\n" + stored_mails(3, 3)));
}

TEST_F(AppenderTest, DropsABigMessage) {
    take(text_of(Batch::most_bytes + 1000));
    appender.drop();
    keep(mail(2));
    appender.flush();
    EXPECT_EQ(bytes(), stored_mails(2, 2));
}

// The connection broke in a line that may have to be quoted.
TEST_F(AppenderTest, PutsNothingOfABigMessageThatBrokeOffIntoTheNextOne) {
    begin();
    test::give(appender, text_of(Batch::most_bytes + 1000) + "Fro");
    appender.drop();
    const std::string big = mail(2) + std::string(Batch::most_bytes + 1000, '\n');
    keep(big);
    appender.flush();
    EXPECT_TRUE(bytes() == test::stored(big));
}

TEST_F(AppenderTest, QuotesTheFirstLineOfABigMessageBehindOneThatBrokeOffInALine) {
    begin();
    test::give(appender, text_of(Batch::most_bytes + 1000) + "no line's end");
    appender.drop();
    keep(text_of(Batch::most_bytes + 1000));
    appender.flush();
    const std::string there = bytes();
    EXPECT_TRUE(std::string_view(there).substr(there.find('\n') + 1).starts_with(">From here"));
}

TEST_F(AppenderTest, CommitsWhatHasWaitedForTenSeconds) {
    take(mail(1));
    appender.keep();
    test::seconds_passed = 10;
    appender.flush_if_due();
    EXPECT_EQ(rows(), "u1 archived");
}

TEST_F(AppenderTest, CommitsAllTenSecondsAfterTheFirstOfThemCame) {
    keep(mail(1));
    test::seconds_passed = 6;
    keep(mail(2));
    test::seconds_passed = 10;
    appender.flush_if_due();
    EXPECT_EQ(archived(), 2U);
}

TEST_F(AppenderTest, CommitsWhatHasStoodInTheMboxForTenSeconds) {
    keep(text_of(Appender::worth_a_batch));
    appender.use_pause();
    test::seconds_passed = 10;
    appender.flush_if_due();
    EXPECT_EQ(rows(), "u1 archived");
}
