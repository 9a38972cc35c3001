#include "archive/verify.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "archive/archive_test.hpp"
#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "ledger/ordinary_user.hpp"

using namespace popkeep;
using test::mail;
using test::mail_seen_by_a_reader;
using test::stored;
using test::stored_mails;

namespace fs = std::filesystem;

namespace {

struct VerifyTest : test::ArchiveTest {
    archive::Verdict verify() { return archive::verify(open(), {}); }

    // The sentences of one kind.
    std::string findings(bool serious) {
        std::string all;
        for (const auto& finding : verify().findings) {
            if (finding.serious == serious) all += finding.path + ": " + finding.sentence + "\n";
        }
        return all;
    }
};

}  // namespace

TEST_F(VerifyTest, FindsEveryMessageExact) {
    append_mails(1, 3);
    const archive::Verdict verdict = verify();
    EXPECT_EQ(verdict.exact, 3U);
    EXPECT_TRUE(verdict.sound());
    EXPECT_TRUE(verdict.findings.empty());
    EXPECT_EQ(verdict.mboxes, 1U);
    EXPECT_EQ(verdict.bytes, bytes().size());
}

TEST_F(VerifyTest, FindsWhatAReaderMarked) {
    append_mails(1, 2);
    overwrite(stored(mail_seen_by_a_reader(1)) + stored(mail(2)));
    reconcile();
    EXPECT_EQ(verdict(), "1 exact, 1 edited");
    EXPECT_TRUE(verify().sound());
}

TEST_F(VerifyTest, FindsMessagesAgainInAnMboxThatAReaderRewrote) {
    append_mails(1, 3);
    overwrite(stored(mail_seen_by_a_reader(1)) + stored(mail(3)) + stored(mail(2)));
    EXPECT_EQ(verdict(), "2 exact, 1 edited");
    EXPECT_TRUE(verify().sound());
}

TEST_F(VerifyTest, FindsAByteThatChanged) {
    append_mails(1, 2);
    std::string changed = bytes();
    changed[changed.size() - 4] = '?';
    overwrite(changed);
    EXPECT_EQ(verdict(), "1 exact, 1 missing");
    EXPECT_FALSE(verify().sound());
}

TEST_F(VerifyTest, FindsThatTheFileIsGone) {
    append_mails(1, 2);
    fs::remove(path());
    EXPECT_NE(findings(true).find("me.mbox: the file is gone"), std::string::npos);
    EXPECT_EQ(verify().missing, 2U);
}

TEST_F(VerifyTest, CountsRowsWithoutBytesAsMissing) {
    append_mails(1, 2);
    overwrite(stored_mails(2, 2));
    reconcile();
    EXPECT_EQ(verdict(), "1 exact, 1 missing");
}

TEST_F(VerifyTest, ExplainsEveryByte) {
    append_mails(1, 1);
    add("rubbish\n\n");
    append_mails(2, 2);
    EXPECT_EQ(verdict(), "2 exact, 9 bytes unexplained");
    EXPECT_EQ(findings(true),
              fmt::format("me.mbox: 9 bytes at byte {} belong to no message\n", stored_mails(1, 1).size()));
}

TEST_F(VerifyTest, TakesEmptyLinesBetweenMessagesForExplained) {
    append_mails(1, 1);
    add("\n\n\n");
    append_mails(2, 2);
    EXPECT_EQ(verdict(), "2 exact");
}

TEST_F(VerifyTest, ChangesNothing) {
    append_mails(1, 2);
    overwrite(stored_mails(2, 2));
    const std::string before = rows();
    verify();
    EXPECT_EQ(rows(), before);
    EXPECT_EQ(bytes(), stored_mails(2, 2));
}

TEST_F(VerifyTest, SaysThatSomethingWasAddedSince) {
    append_mails(1, 1);
    add(stored_mails(2, 2));
    EXPECT_TRUE(verify().sound());
    EXPECT_NE(findings(false), "");
}

TEST_F(VerifyTest, WarnsOfAContentLengthThatHidesTheNextMessage) {
    append("u", "Subject: a trap\nContent-Length: 5000\n\nText\n");
    append_mails(2, 2);
    EXPECT_TRUE(verify().sound());
    EXPECT_NE(findings(false).find("Content-Length"), std::string::npos);
}

TEST_F(VerifyTest, DoesNotWarnOfATrueContentLength) {
    append("u", "Subject: fine\nContent-Length: 5\n\nText\n");
    append_mails(2, 2);
    EXPECT_EQ(findings(false), "");
}

TEST_F(VerifyTest, QuicklyBelievesAnUntouchedFile) {
    append_mails(1, 2);
    EXPECT_EQ(verdict(true), "2 exact");
}

TEST_F(VerifyTest, QuicklyBelievesACopyWhoseEndsAreThose) {
    append_mails(1, 2);
    fs::copy_file(path(), path("copy"));
    fs::rename(path("copy"), path());
    EXPECT_EQ(verdict(true), "2 exact");
}

TEST_F(VerifyTest, QuicklySeesThatAFileWasCut) {
    append_mails(1, 2);
    overwrite(stored_mails(1, 1));
    EXPECT_FALSE(archive::verify(open(), {.quick = true, .progress = {}}).sound());
}

TEST_F(VerifyTest, WorksOnAnArchiveOpenForReading) {
    append_mails(1, 2);
    reopen(archive::Access::read);
    EXPECT_EQ(verdict(), "2 exact");
}

TEST_F(VerifyTest, KnowsAnEditedFilesMessagesBehindWhichBytesStandThatBeginNone) {
    append_mails(1, 1);
    add("\n\n\n");
    append_mails(2, 2);
    overwrite(stored_mails(1, 1) + "\n\n\n" + stored(mail_seen_by_a_reader(2)));
    EXPECT_EQ(verdict(), "1 exact, 1 edited");
}

TEST_F(VerifyTest, ReadsAnEditedFileEvenQuickly) {
    append_mails(1, 2);
    overwrite(stored_mails(1, 1) + stored(mail_seen_by_a_reader(2)));
    EXPECT_EQ(verdict(true), "1 exact, 1 edited");
}

TEST_F(VerifyTest, WorksWhereNothingMayBeWritten) {
    append_mails(1, 2);
    archive.reset();
    for (const char* part : {".popkeep", ""}) fs::permissions(folder / part, fs::perms(0555));
    for (const char* part : {".popkeep/ledger.db", me}) fs::permissions(folder / part, fs::perms(0444));
    EXPECT_TRUE(test::an_ordinary_user_sees([&] {
        reopen(archive::Access::read);
        return verdict() == "2 exact";
    }));
    for (const char* part : {".popkeep", ""}) fs::permissions(folder / part, fs::perms(0755));
}

TEST_F(VerifyTest, WarnsOfWhatItMayNotReadAndGoesOn) {
    append_mails(1, 2);
    fs::create_directory(folder / "2025");
    overwrite(stored_mails(3, 3), "2025/old");
    overwrite(stored_mails(4, 4), "private");
    overwrite(stored_mails(5, 5), "unknown");
    fs::permissions(folder / "2025", fs::perms::none);
    fs::permissions(folder / "private", fs::perms::none);
    archive.reset();
    for (const char* part : {".popkeep", ""}) fs::permissions(folder / part, fs::perms(0777));
    for (const char* part : {".popkeep/ledger.db", me, "unknown"})
        fs::permissions(folder / part, fs::perms(0666));
    EXPECT_TRUE(test::an_ordinary_user_sees([&] {
        reopen(archive::Access::read);
        EXPECT_EQ(verdict(), "2 exact");
        const std::string warnings = findings(false);
        for (const char* path : {"2025: ", "private: ", "unknown: "})
            EXPECT_NE(warnings.find(path), std::string::npos) << path << warnings;
        return verify().sound() && !testing::Test::HasFailure();
    }));
    fs::permissions(folder / "2025", fs::perms::all);
}

TEST_F(VerifyTest, ShowsItsProgress) {
    append_mails(1, 2);
    std::uint64_t last = 0, all = 0;
    archive::verify(open(), {.quick = false, .progress = [&](std::uint64_t done, std::uint64_t total) {
                                 last = done;
                                 all = total;
                             }});
    EXPECT_EQ(last, bytes().size());
    EXPECT_EQ(all, bytes().size());
}

TEST_F(VerifyTest, KnowsAClaimedMessageOfAnotherProgramWithoutItsEmptyLine) {
    std::string unclosed = stored_mails(1, 1);
    unclosed.pop_back();
    overwrite(unclosed);
    append_mails(2, 2);
    EXPECT_EQ(verdict(), "1 exact, 1 unclaimed");
}

TEST_F(VerifyTest, CountsWhatWasMissingBeforeAReaderRewroteTheMbox) {
    append_mails(1, 3);
    overwrite(stored_mails(2, 3));
    reconcile();
    overwrite(stored_mails(3, 3) + stored_mails(2, 2));
    EXPECT_EQ(verdict(), "2 exact, 1 missing");
}

TEST_F(VerifyTest, DoesNotTakeRubbishBehindManyEmptyLinesForExplained) {
    append_mails(1, 1);
    add(std::string(64, '\n') + "rubbish\n\n");
    append_mails(2, 2);
    EXPECT_EQ(verdict(), "2 exact, 73 bytes unexplained");
}

TEST_F(VerifyTest, KnowsAMessageThatCameWithAStatusWhenAReaderNotedAnother) {
    append("u1", mail_seen_by_a_reader(1));
    overwrite(stored(mail(1)));
    EXPECT_EQ(verdict(), "1 edited");
}

TEST_F(VerifyTest, NamesAThousandMissingMessagesAndCountsTheOthers) {
    change([&](ledger::Ledger& ledger) {
        ledger::Message missing;
        missing.account = account;
        missing.mbox = ledger.mboxes.enter(me).id;
        missing.state = ledger::State::missing;
        missing.length = 1;
        for (int number = 0; number < 1001; ++number) ledger.messages.insert(missing);
    });
    const archive::Verdict verdict = archive::verify(open(), {});
    EXPECT_EQ(verdict.missing, 1001U);
    EXPECT_EQ(verdict.findings.size(), 1000U);
}

TEST_F(VerifyTest, ExactBytesStandWhateverTheLedgerHasOfThemWithoutStatusFields) {
    append_mails(1, 1);
    garble("UPDATE message SET stripped = zeroblob(32)");
    EXPECT_EQ(verdict(), "1 exact");
}

TEST_F(VerifyTest, HearsAStopHoweverQuickItIs) {
    append_mails(1, 1);
    EXPECT_EXIT(
        {
            interrupt::install();
            raise(SIGTERM);
            try {
                verdict(true);
            } catch (const Error& error) {
                _exit(error.exit_code());
            }
            _exit(0);
        },
        testing::ExitedWithCode(143), "");
}
