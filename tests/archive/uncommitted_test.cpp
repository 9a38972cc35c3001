// Between an append and its commit the mbox isn't locked, and others may come.
#include <cerrno>
#include <filesystem>
#include <optional>

#include "archive/archive_test.hpp"
#include "archive/batch.hpp"
#include "archive/disk.hpp"
#include "archive/reconcile.hpp"
#include "base/error.hpp"

using namespace popkeep;
using archive::Batch;
using test::mail;
using test::mail_seen_by_a_reader;
using test::stored;
using test::stored_mails;

namespace {

struct UncommittedTest : test::ArchiveTest {
    std::string file = me;
    archive::Appender appender{open(), [this](std::int64_t) { return file; }};
    std::uint32_t next = 1;
    std::optional<ledger::Id> replaces;  // by what begins

    void begin() {
        appender.begin({.account = account,
                        .number = next,
                        .uid = "u" + std::to_string(next),
                        .list_size = {},
                        .replaces = replaces});
    }
    void keep(std::string_view content) {
        begin();
        test::give(appender, content);
        appender.end(0);
        appender.keep();
        ++next;
    }
    // A message that goes into the mbox because a big one follows, which is dropped.
    void put(std::string_view content) {
        keep(content);
        begin();
        const std::string big(Batch::most_bytes_of_one / 2, '\n');
        for (int i = 0; i < 3; ++i) test::give(appender, big);
        appender.drop();
    }
    void fail_commit() {
        test::disk.before_sync_of_other = [](const std::string& path) {
            return path.ends_with("ledger.db-wal") ? EIO : 0;
        };
        EXPECT_THROW(appender.flush(), Error);
        test::disk.before_sync_of_other = nullptr;
    }
    std::uint64_t archived() { return books().messages.counts(account).archived; }
};

}  // namespace

TEST_F(UncommittedTest, DoesNotTakeBackWhatIsInTheMbox) {
    put(mail(1));
    EXPECT_FALSE(appender.take_back());
}

TEST_F(UncommittedTest, CommitsWhatStandsThoughAnotherProgramAppendedBehindIt) {
    put(mail(1));
    add(stored(mail(2)));
    appender.flush();
    EXPECT_EQ(rows(), "u1 archived; - unclaimed");
    EXPECT_EQ(appender.messages(), 1U);
}

TEST_F(UncommittedTest, EntersWhatAProgramWithoutLocksAppendedWhileItWasReadBack) {
    test::disk.meets_read([&] { add(stored(mail(2))); });
    keep(mail(1));
    appender.flush();
    EXPECT_EQ(rows(), "u1 archived; - unclaimed");
}

TEST_F(UncommittedTest, PutsTheNextBatchBehindWhatAnotherProgramAppended) {
    put(mail(1));
    add(stored(mail(2)));
    keep(mail(3));
    appender.flush();
    EXPECT_EQ(bytes(), stored_mails(1, 3));
    EXPECT_EQ(appender.messages(), 2U);
    EXPECT_EQ(verdict(), "2 exact, 1 unclaimed");
}

TEST_F(UncommittedTest, CommitsWhatStandsInOneFileBeforeItGoesOnInAnother) {
    put(mail(1));
    file = "next.mbox";
    keep(mail(2));
    appender.flush();
    EXPECT_EQ(rows(), "u1 archived");
    EXPECT_EQ(rows(file), "u2 archived");
    EXPECT_EQ(appender.messages(), 2U);
}

TEST_F(UncommittedTest, CommitsWhatAReaderMarkedMeanwhile) {
    put(mail(1));
    overwrite(stored(mail_seen_by_a_reader(1)));
    appender.flush();
    EXPECT_EQ(verdict(), "1 edited");
}

TEST_F(UncommittedTest, CountsWhatAnotherRunArchivedMeanwhile) {
    put(mail(1));
    {
        archive::Archive other = archive::Archive::open(folder.path(), archive::Access::write);
        archive::reconcile_all(other);
    }
    EXPECT_EQ(archived(), 1U);
    appender.flush();
    EXPECT_EQ(appender.take_committed().at(0).row, row("u1").id);
    EXPECT_EQ(verdict(), "1 exact");
}

TEST_F(UncommittedTest, LeavesWhatAnotherRunMeantToPutWhenItWasKilled) {
    put(mail(1));
    // A file system may tell times by the second.
    const auto time = std::filesystem::last_write_time(path());
    {
        archive::Archive other = archive::Archive::open(folder.path(), archive::Access::write);
        archive::reconcile_all(other);
    }
    std::filesystem::last_write_time(path(), time);
    intend_mails(2, 2);
    appender.flush();
    EXPECT_EQ(rows(), "u1 archived");
    EXPECT_EQ(appender.messages(), 1U);
}

TEST_F(UncommittedTest, TakesNoOtherAccountsMessageForItsOwnThatWasTakenOut) {
    put(mail(1));
    overwrite("");
    account = enter_account("another");
    const ledger::Id row = append("v1", mail(2));
    EXPECT_THROW(appender.flush(), Error);
    EXPECT_EQ(appender.messages(), 0U);
    EXPECT_EQ(rows(), "v1 archived");
    EXPECT_EQ(row, 1);  // the number that the lost one had
}

TEST_F(UncommittedTest, CountsNothingWhoseCommitFailed) {
    put(mail(1));
    fail_commit();
    EXPECT_EQ(appender.messages(), 0U);
}

TEST_F(UncommittedTest, WritesNothingMoreOnceACommitFailed) {
    put(mail(1));
    fail_commit();
    EXPECT_TRUE(appender.broken());
}

TEST_F(UncommittedTest, SaysSoIfAnotherProgramTookOutWhatWasPut) {
    append_mails(1, 1);
    put(mail(2));
    overwrite(stored_mails(1, 1));
    EXPECT_THROW(appender.flush(), Error);
    EXPECT_EQ(rows(), "u1 archived");
    EXPECT_EQ(appender.messages(), 0U);
}

TEST_F(UncommittedTest, SaysSoIfTheMboxIsGoneInWhichWhatWasPutStood) {
    put(mail(1));
    std::filesystem::remove(path());
    EXPECT_THROW(appender.flush(), Error);
    EXPECT_EQ(rows(), "");
}

TEST_F(UncommittedTest, TheNextRunArchivesWhatWasPutByOneThatDied) {
    put(mail(1));
    reopen();
    reconcile();
    EXPECT_EQ(rows(), "u1 archived");
    EXPECT_EQ(verdict(), "1 exact");
}

TEST_F(UncommittedTest, TheNextRunKnowsWhatWasToBeMadeGoodByOneThatDied) {
    append_mails(1, 1);
    fs::remove(path());
    reconcile();
    replaces = row("u1").id;
    put(mail(1));
    reopen();
    reconcile();
    EXPECT_EQ(rows(), "u1 archived");
}
