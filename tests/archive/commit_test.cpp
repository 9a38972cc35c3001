#include "archive/commit.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <string>
#include <system_error>
#include <thread>

#include "archive/archive_test.hpp"
#include "archive/disk.hpp"
#include "base/error.hpp"

using namespace popkeep;
using test::mail;
using test::stored;
using test::stored_mails;

namespace {

struct CommitTest : test::ArchiveTest {
    ~CommitTest() override { test::disk.before_sync_of_other = nullptr; }
};

// By this process.
bool is_open(const std::string& path) {
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code gone;
        if (std::filesystem::read_symlink(entry.path(), gone) == path) return true;
    }
    return false;
}

}  // namespace

TEST_F(CommitTest, WritesMboxrd) {
    append("u",
           "Return-Path: <ann@example.org>\n"
           "Received: from a by b; Thu, 1 Jan 2026 12:34:56 +0100\n"
           "\n"
           "From here\n>From there\n>>From nowhere\nFrom\n from\nend\n");
    EXPECT_EQ(bytes(),
              "From ann@example.org Thu Jan  1 11:34:56 2026\n"
              "Return-Path: <ann@example.org>\n"
              "Received: from a by b; Thu, 1 Jan 2026 12:34:56 +0100\n"
              "\n"
              ">From here\n>>From there\n>>>From nowhere\nFrom\n from\nend\n"
              "\n");
}

TEST_F(CommitTest, WritesAnEmptyMessage) {
    append("u", "");
    EXPECT_TRUE(bytes().starts_with("From MAILER-DAEMON "));
    EXPECT_TRUE(bytes().ends_with("\n\n"));
    EXPECT_EQ(verdict(), "1 exact");
}

TEST_F(CommitTest, RecordsWhereEachMessageLiesAndWhatItIs) {
    append_mails(1, 2);
    const ledger::Message second = row("u2");
    EXPECT_EQ(second.state, ledger::State::archived);
    EXPECT_EQ(second.proof, ledger::Proof::content);
    EXPECT_EQ(second.start, stored_mails(1, 1).size());
    EXPECT_EQ(second.length, stored_mails(2, 2).size());
    EXPECT_EQ(second.content, sha256(mail(2)));
    EXPECT_EQ(second.size, mail(2).size());
    EXPECT_EQ(second.postmark, std::nullopt);
}

TEST_F(CommitTest, RecordsHowManyLineEndsCameWithoutACr) {
    archive::Appender appender(open(), [](std::int64_t) { return me; });
    appender.begin({.account = account, .number = 1, .uid = "u", .list_size = {}, .replaces = {}});
    test::give(appender, mail(1));
    appender.end(3);
    appender.keep();
    appender.flush();
    EXPECT_EQ(row("u").bare_lf, 3U);
}

TEST_F(CommitTest, PutsTheMessagesOfTwoAccountsIntoOneFile) {
    append("u", mail(1));
    const ledger::Id first = account;
    account = enter_account("you");
    append("u", mail(2));
    EXPECT_EQ(bytes(), stored_mails(1, 2));
    EXPECT_EQ(books().messages.by_uid(first, "u").at(0).content, sha256(mail(1)));
    EXPECT_EQ(row("u").content, sha256(mail(2)));
    EXPECT_EQ(verdict(), "2 exact");
}

TEST_F(CommitTest, MakesFoldersOnTheWay) {
    append("u", mail(1), "2026/01/me.mbox");
    EXPECT_EQ(bytes("2026/01/me.mbox"), stored_mails(1, 1));
}

TEST_F(CommitTest, WritesFilesForTheOwnerAlone) {
    append("u", mail(1));
    struct stat status {};
    ASSERT_EQ(stat(path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(CommitTest, SetsItselfApartFromALastMessageWithoutItsEmptyLine) {
    const std::string foreign = "From bob Thu Jan  1 00:00:00 2026\nSubject: x\n\nText\n";
    overwrite(foreign);
    append("u", mail(1));
    EXPECT_EQ(bytes(), foreign + "\n" + stored_mails(1, 1));
    EXPECT_EQ(verdict(), "1 exact, 1 unclaimed");
}

TEST_F(CommitTest, SetsItselfApartFromALastLineWithoutItsEnd) {
    const std::string foreign = "From bob Thu Jan  1 00:00:00 2026\nSubject: x\n\nText";
    overwrite(foreign);
    append("u", mail(1));
    EXPECT_EQ(bytes(), foreign + "\n\n" + stored_mails(1, 1));
    EXPECT_EQ(verdict(), "1 exact, 1 unclaimed");
}

TEST_F(CommitTest, TakesAnEmptyLineThatEndsInCrLfForOne) {
    const std::string foreign = "From bob Thu Jan  1 00:00:00 2026\r\nSubject: x\r\n\r\nText\r\n\r\n";
    overwrite(foreign);
    append("u", mail(1));
    EXPECT_EQ(bytes(), foreign + stored_mails(1, 1));
}

TEST_F(CommitTest, SetsItselfApartFromRubbish) {
    overwrite("rubbish");
    append("u", mail(1));
    EXPECT_EQ(bytes(), "rubbish\n\n" + stored_mails(1, 1));
    EXPECT_EQ(row("u").state, ledger::State::archived);
}

TEST_F(CommitTest, ReconcilesBeforeItAppends) {
    append_mails(1, 2);
    overwrite(stored(test::mail_seen_by_a_reader(2)));
    append_mails(3, 3);
    EXPECT_EQ(rows(), "u1 missing; u2 archived, edited; u3 archived");
    EXPECT_EQ(bytes(), stored(test::mail_seen_by_a_reader(2)) + stored_mails(3, 3));
}

TEST_F(CommitTest, RemovesTheMissingRowThatAMessageMakesGood) {
    append_mails(1, 1);
    std::filesystem::remove(path());
    reconcile();
    archive::Appender appender(open(), [](std::int64_t) { return me; });
    appender.begin({.account = account, .number = 1, .uid = "u1", .list_size = {}, .replaces = row("u1").id});
    test::give(appender, mail(1));
    appender.end(0);
    appender.keep();
    appender.flush();
    EXPECT_EQ(rows(), "u1 archived");
    EXPECT_EQ(verdict(), "1 exact");
}

TEST_F(CommitTest, KeepsAMissingMessageThatCameBackBeforeItsReplacementWasWritten) {
    append_mails(1, 1);
    std::filesystem::remove(path());
    reconcile();
    archive::Appender appender(open(), [](std::int64_t) { return me; });
    appender.begin({.account = account, .number = 1, .uid = "u1", .list_size = {}, .replaces = row("u1").id});
    test::give(appender, mail(1));
    appender.end(0);
    appender.keep();
    overwrite(stored_mails(1, 1));
    appender.flush();
    EXPECT_EQ(rows(), "u1 archived; u1 archived");
    EXPECT_EQ(verdict(), "2 exact");
}

TEST_F(CommitTest, LeavesTheFileAsItWasIfItCanNotBeWritten) {
    append_mails(1, 1);
    // A second name: popkeep writes no such file.
    std::filesystem::create_hard_link(path(), path("other"));
    EXPECT_THROW(append_mails(2, 2), Error);
    EXPECT_EQ(bytes(), stored_mails(1, 1));
    std::filesystem::remove(path("other"));
    append_mails(2, 2);
    EXPECT_EQ(bytes(), stored_mails(1, 2));
}

TEST_F(CommitTest, GoesBehindWhatAnotherProgramDeliveredWhileItWaitedForTheLock) {
    std::filesystem::path dotlock = path() + ".lock";
    folder.write("me.mbox.lock", std::to_string(getpid()));
    std::thread appending([&] { append("u", mail(1)); });
    while (!std::filesystem::exists(path())) std::this_thread::yield();
    add(stored_mails(7, 7));
    std::filesystem::remove(dotlock);
    appending.join();
    EXPECT_EQ(bytes(), stored_mails(7, 7) + stored_mails(1, 1));
    EXPECT_EQ(rows(), "- unclaimed; u archived");
}

TEST_F(CommitTest, WritesToTheFileThatTookThePlaceOfTheOneItWaitedFor) {
    append_mails(1, 1);
    folder.write("me.mbox.lock", std::to_string(getpid()));
    std::thread appending([&] { append_mails(2, 2); });
    while (!is_open(path())) std::this_thread::yield();
    folder.write("new", stored_mails(7, 7));
    std::filesystem::rename(path("new"), path());
    std::filesystem::remove(path() + ".lock");
    appending.join();
    EXPECT_EQ(bytes(), stored_mails(7, 7) + stored_mails(2, 2));
}

TEST_F(CommitTest, ArchivesNothingInAFileWhoseNameCouldNotBeSynced) {
    for (const int error_number : {EIO, ENOSPC}) {
        test::disk.before_sync_of_other = [&](const std::string& path) {
            return path == folder.path() ? error_number : 0;
        };
        EXPECT_THROW(append_mails(1, 1), SystemError) << error_number;
        EXPECT_EQ(books().messages.counts(account).archived, 0U) << error_number;
    }
}

TEST_F(CommitTest, ArchivesWhereFoldersCanNotBeSynced) {
    for (const int error_number : {EINVAL, EOPNOTSUPP}) {
        test::disk.before_sync_of_other = [&](const std::string& path) {
            return std::filesystem::is_directory(path) ? error_number : 0;
        };
        EXPECT_NO_THROW(append("u", mail(1), std::to_string(error_number))) << error_number;
    }
}
