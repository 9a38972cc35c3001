#include "archive/repair.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "archive/archive_test.hpp"
#include "base/error.hpp"
#include "ledger/ordinary_user.hpp"

using namespace popkeep;
using test::mail;
using test::stored;
using test::stored_mails;

namespace fs = std::filesystem;

namespace {

constexpr std::size_t page = 4096;

struct RepairTest : test::ArchiveTest {
    archive::Repaired repair(archive::RepairOptions options = {}) {
        archive.reset();
        const archive::Repaired repaired = archive::repair(folder.path(), options);
        reopen();
        return repaired;
    }

    // Overwrites pages of the ledger, counted from 0.
    void damage(std::size_t first, std::size_t last) {
        archive.reset();
        std::string database = folder.read(".popkeep/ledger.db");
        database.replace(first * page, (last - first + 1) * page,
                         std::string((last - first + 1) * page, '\x5a'));
        folder.write(".popkeep/ledger.db", database);
    }
    std::size_t pages() {
        reopen();
        archive.reset();
        return fs::file_size(folder / ".popkeep/ledger.db") / page;
    }
    void settle_deletion(std::string_view uid) {
        change([&](ledger::Ledger& ledger) {
            ledger.deletions.settle(ledger.deletions.ask(row(uid), me, 500), "confirmed", "+OK");
        });
    }
    std::uint64_t archived() { return books().messages.counts(account).archived; }
};

}  // namespace

TEST_F(RepairTest, FindsNothingToDoInASoundArchive) {
    append_mails(1, 2);
    EXPECT_EQ(repair().adopted, 0U);
    EXPECT_EQ(rows(), "u1 archived; u2 archived");
}

TEST_F(RepairTest, KnowsAMessageBehindWhichBytesStandThatBeginNone) {
    append_mails(1, 1);
    int next = 2;
    for (const std::string& left :
         {std::string("\n\n\n"), std::string("\0\0\0\n\n", 5), std::string("rubbish\n\n")}) {
        add(left);
        append_mails(next, next);
        ++next;
    }
    const std::string before = bytes();
    EXPECT_EQ(repair().missing, 0U);
    EXPECT_EQ(rows(), "u1 archived; u2 archived; u3 archived; u4 archived");
    EXPECT_EQ(bytes(), before);
}

TEST_F(RepairTest, GivesAMissingMessageNoBytesThatAreItsTwins) {
    append_mails(1, 1);
    overwrite(stored_mails(7, 7));
    reconcile();
    overwrite("");
    append("u2", mail(1));
    add(std::string("\0\0\0\n\n", 5));
    EXPECT_EQ(repair().missing, 1U);
    EXPECT_EQ(rows(), "u1 missing; u2 archived");
}

TEST_F(RepairTest, EntersMboxesThatWereMovedIn) {
    append_mails(1, 1);
    overwrite(stored_mails(7, 8), "other.mbox");
    EXPECT_EQ(repair().adopted, 2U);
    EXPECT_EQ(rows("other.mbox"), "- unclaimed; - unclaimed");
}

TEST_F(RepairTest, ScansWhatWasEdited) {
    append_mails(1, 3);
    overwrite(stored_mails(3, 3) + stored_mails(1, 1));
    EXPECT_EQ(repair().missing, 1U);
    EXPECT_EQ(rows(), "u3 archived; u1 archived; u2 missing");
}

TEST_F(RepairTest, FindsADamagedMessageInAFileWhoseEndsAreSound) {
    append("u1", mail(1) + std::string(100'000, 'x') + "\n");
    append("u2", mail(2));
    append("u3", mail(3) + std::string(100'000, 'x') + "\n");
    std::string damaged = bytes();
    damaged[damaged.find("message 2")] = '?';
    overwrite(damaged);
    repair();
    EXPECT_EQ(row("u2").state, ledger::State::missing);
}

TEST_F(RepairTest, FetchesMissingMessagesAgainIfItIsTold) {
    append_mails(1, 2);
    fs::remove(path());
    EXPECT_EQ(repair().missing, 2U);
    EXPECT_FALSE(row("u1").refetch);
    repair({.refetch_missing = true, .dry_run = false});
    EXPECT_TRUE(row("u1").refetch);
}

TEST_F(RepairTest, ForgetsWhatWasMissingAndCameUnderAnotherUid) {
    append_mails(1, 2);
    fs::remove(path());
    repair({.refetch_missing = true, .dry_run = false});
    append("new", mail(1));
    EXPECT_EQ(repair().missing, 1U);
    EXPECT_EQ(rows(), "new archived; u2 to be fetched again");
}

TEST_F(RepairTest, RemembersWhatAReaderRemovedOfTwins) {
    for (const char* uid : {"a", "b", "c"}) append(uid, mail(1));
    overwrite(stored_mails(1, 1));
    EXPECT_EQ(repair().missing, 2U) << "not to be fetched again";
    EXPECT_EQ(repair({.refetch_missing = true, .dry_run = false}).missing, 2U) << "nothing came since";
    append("d", mail(1));
    EXPECT_EQ(repair().missing, 1U) << "one to one";
}

TEST_F(RepairTest, DoesNothingInADryRun) {
    append_mails(1, 2);
    overwrite(stored_mails(1, 1));
    overwrite(stored_mails(7, 8), "other.mbox");
    const archive::Repaired repaired = repair({.refetch_missing = false, .dry_run = true});
    EXPECT_EQ(repaired.done.size(), 2U);
    EXPECT_EQ(rows(), "u1 archived; u2 archived");
    EXPECT_EQ(rows("other.mbox"), "unknown file");
}

TEST_F(RepairTest, SaysInADryRunThatAnMboxIsGone) {
    append_mails(1, 2);
    fs::remove(path());
    const archive::Repaired planned = repair({.refetch_missing = false, .dry_run = true});
    ASSERT_EQ(planned.done.size(), 1U);
    EXPECT_NE(planned.done[0].find("the file is gone"), std::string::npos) << planned.done[0];
}

TEST_F(RepairTest, CountsInADryRunWhatIsMissing) {
    append_mails(1, 2);
    overwrite(stored_mails(2, 2));
    reconcile();
    EXPECT_EQ(repair({.refetch_missing = false, .dry_run = true}).missing, 1U);
}

TEST_F(RepairTest, ForgetsNothingBecauseAnotherAccountHasIt) {
    append_mails(1, 1);
    fs::remove(path());
    repair({.refetch_missing = true, .dry_run = false});
    account = enter_account("you");
    append("v1", mail(1));
    EXPECT_EQ(repair().missing, 1U);
}

TEST_F(RepairTest, SaysInADryRunThatALedgerWouldBeBuiltAgain) {
    append_mails(1, 2);
    archive.reset();
    const std::string unreadable(8192, 'x');
    folder.write(".popkeep/ledger.db", unreadable);
    const archive::Repaired planned =
        archive::repair(folder.path(), {.refetch_missing = false, .dry_run = true});
    ASSERT_EQ(planned.done.size(), 2U);
    EXPECT_NE(planned.done.at(0).find("would be built again"), std::string::npos) << planned.done.at(0);
    EXPECT_NE(planned.done.at(1).find(me), std::string::npos) << planned.done.at(1);
    EXPECT_EQ(folder.read(".popkeep/ledger.db"), unreadable);
}

TEST_F(RepairTest, TakesALedgerWithoutAByteForALostOne) {
    append_mails(1, 2);
    archive.reset();
    folder.write(".popkeep/ledger.db", "");
    const archive::Repaired planned =
        archive::repair(folder.path(), {.refetch_missing = false, .dry_run = true});
    ASSERT_EQ(planned.done.size(), 1U);
    EXPECT_NE(planned.done.at(0).find("the ledger is missing"), std::string::npos) << planned.done.at(0);
}

TEST_F(RepairTest, KeepsUidsAndReceiptsOfALedgerWithADamagedIndex) {
    append_mails(1, 100);
    settle_deletion("u1");
    const std::size_t count = pages();
    damage(count - 1, count - 1);
    const archive::Repaired repaired = repair();
    EXPECT_NE(repaired.done.at(0).find("set aside"), std::string::npos);
    EXPECT_EQ(archived() + repaired.adopted, 100U) << "each message once";
    EXPECT_EQ(verdict().find("missing"), std::string::npos);
    EXPECT_EQ(books().integrity(), "");
}

TEST_F(RepairTest, LosesNoMessageAndFewUidsToAnyDamagedPage) {
    constexpr std::uint64_t messages = 120;
    append_mails(1, messages);
    archive.reset();
    const std::string sound = folder.read(".popkeep/ledger.db");
    std::size_t costly = 0;
    for (std::size_t number = 1; number < sound.size() / page; ++number) {
        folder.write(".popkeep/ledger.db", sound);
        damage(number, number);
        repair();
        const ledger::MessageCounts counts = books().messages.counts({});
        EXPECT_EQ(counts.archived + counts.unclaimed, messages) << "page " << number;
        EXPECT_EQ(counts.missing, 0U) << "page " << number;
        costly += counts.archived < messages / 2 ? 1U : 0U;
    }
    // Two pages of the schema, and the roots of the tables of accounts, mboxes and messages.
    EXPECT_LE(costly, 5U);
}

TEST_F(RepairTest, BuildsALedgerAgainOfWhichNothingIsReadable) {
    append_mails(1, 2);
    archive.reset();
    folder.write(".popkeep/ledger.db", std::string(8192, 'x'));
    EXPECT_EQ(repair().adopted, 2U);
    EXPECT_EQ(rows(), "- unclaimed; - unclaimed");
    EXPECT_EQ(bytes(), stored_mails(1, 2));
}

TEST_F(RepairTest, KeepsTheDamagedLedgerForWhoeverWantsToLookAtIt) {
    append_mails(1, 2);
    archive.reset();
    const std::string damaged(8192, 'x');
    folder.write(".popkeep/ledger.db", damaged);
    repair();
    std::size_t kept = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder / ".popkeep")) {
        if (entry.path().filename() == "ledger.db" && fs::file_size(entry.path()) == damaged.size() &&
            entry.path().parent_path().filename().string().starts_with("damaged-"))
            ++kept;
    }
    EXPECT_EQ(kept, 1U);
}

TEST_F(RepairTest, LeavesALedgerOfANewerProgramAlone) {
    books().database.execute("PRAGMA user_version = 99");
    archive.reset();
    EXPECT_THROW(archive::repair(folder.path(), {}), Error);
    for (const auto& entry : fs::directory_iterator(folder / ".popkeep")) {
        const std::string name = entry.path().filename().string();
        EXPECT_FALSE(name.starts_with("damaged-")) << name;
    }
}

TEST_F(RepairTest, SaysThatThereIsNoArchive) {
    const test::TemporaryFolder empty;
    EXPECT_THROW(archive::repair(empty.path(), {}), Error);
    EXPECT_FALSE(archive::Archive::is_one(empty.path()));
}

TEST_F(RepairTest, HasTheNextRunLookForWhatIsToBeFetchedAgain) {
    append_mails(1, 2);
    fs::remove(path());
    reconcile();
    change([&](ledger::Ledger& ledger) {
        ledger.accounts.remember_listing(
            account, {.digest = {}, .count = 0, .octets = 0, .taken_at = 1, .settled = true});
    });
    repair({.refetch_missing = true, .dry_run = false});
    EXPECT_FALSE(books().accounts.last_listing(account)->settled);
}

TEST_F(RepairTest, LeavesALedgerAloneThatItMayNotWrite) {
    append_mails(1, 2);
    archive.reset();
    for (const char* part : {".popkeep", ""}) fs::permissions(folder / part, fs::perms(0777));
    fs::permissions(path(), fs::perms(0666));
    fs::permissions(folder / ".popkeep/ledger.db", fs::perms(0444));
    EXPECT_TRUE(test::an_ordinary_user_sees([&] {
        try {
            archive::repair(folder.path(), {});
        } catch (const Error& error) {
            return error.category() == Category::io;
        }
        return false;
    }));
}

TEST_F(RepairTest, LeavesADamagedLedgerAloneWhileAFolderMayNotBeRead) {
    fs::create_directory(folder / "2025");
    overwrite(stored_mails(1, 2), "2025/me");
    archive.reset();
    const std::string damaged(8192, 'x');
    folder.write(".popkeep/ledger.db", damaged);
    for (const char* part : {".popkeep", "2025", ""}) fs::permissions(folder / part, fs::perms::all);
    for (const char* part : {".popkeep/ledger.db", "2025/me"})
        fs::permissions(folder / part, fs::perms(0666));
    fs::permissions(folder / "2025", fs::perms::none);
    for (const bool dry_run : {true, false}) {
        EXPECT_TRUE(test::an_ordinary_user_sees([&] {
            try {
                archive::repair(folder.path(), {.refetch_missing = false, .dry_run = dry_run});
            } catch (const Error& error) {
                return error.category() == Category::permission && error.where() == folder / "2025";
            }
            return false;
        }));
        EXPECT_TRUE(folder.read(".popkeep/ledger.db") == damaged);
    }
    fs::permissions(folder / "2025", fs::perms::all);
    repair();
    EXPECT_EQ(rows("2025/me"), "- unclaimed; - unclaimed");
}
