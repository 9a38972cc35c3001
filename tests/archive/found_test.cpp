#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <functional>
#include <utility>

#include "archive/archive.hpp"
#include "archive/archive_test.hpp"
#include "base/error.hpp"
#include "ledger/ordinary_user.hpp"

using namespace popkeep;
using archive::Access;
using archive::Archive;
using test::mail;
using test::stored_mails;

namespace fs = std::filesystem;

namespace {

struct FoundTest : testing::Test {
    test::TemporaryFolder folder;
    std::string directory = folder / "mail";

    // An mbox of another program.
    void deliver(const std::string& relative, std::string_view content) const {
        fs::create_directories(fs::path(directory + "/" + relative).parent_path());
        folder.write("mail/" + relative, content);
    }
    // Nor anybody else, but for root.
    void forbid(const std::string& relative, fs::perms rest = fs::perms::none) const {
        fs::create_directories(directory + "/" + relative);
        for (const std::string& open : {folder.path(), directory}) fs::permissions(open, fs::perms::all);
        fs::permissions(directory + "/" + relative, rest);
    }
    Error refusal(Access access) const {
        return refusal([&] { Archive::open(directory, access); });
    }
    static Error refusal(const std::function<void()>& what) {
        try {
            what();
        } catch (const Error& error) {
            return error;
        }
        ADD_FAILURE() << "not refused";
        return {Category::software, ""};
    }
};

}  // namespace

TEST_F(FoundTest, MakesAnArchiveOfANewFolderAndItsParents) {
    directory = folder / "a/b/c/";
    EXPECT_EQ(Archive::found(directory), 0U);
    EXPECT_TRUE(Archive::is_one(directory));
    struct stat status {};
    ASSERT_EQ(stat((folder / "a").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0700U);
}

TEST_F(FoundTest, SaysInWordsWhatTheFolderIs) {
    Archive::found(directory);
    EXPECT_NE(folder.read("mail/.popkeep/README").find("Archive format: 1."), std::string::npos);
}

TEST_F(FoundTest, AdoptsTheMboxesThatLieThere) {
    deliver("inbox", stored_mails(1, 2));
    deliver("sent/2025.mbox", stored_mails(3, 3));
    EXPECT_EQ(Archive::found(directory), 3U);
    EXPECT_EQ(Archive::open(directory, Access::read).ledger().messages.counts({}).unclaimed, 3U);
}

TEST_F(FoundTest, LeavesOtherFilesAlone) {
    deliver("notes.txt", "From\nme\n");
    deliver(".hidden/inbox", stored_mails(1, 1));
    deliver("inbox.lock", stored_mails(1, 1));
    fs::create_symlink(folder / "mail/.hidden/inbox", folder / "mail/link");
    EXPECT_EQ(Archive::found(directory), 0U);
}

TEST_F(FoundTest, PassesByTheFileSystemsOwnFolderThatItMayNotRead) {
    forbid("lost+found");
    EXPECT_TRUE(test::an_ordinary_user_sees([&] { return Archive::found(directory) == 0; }));
}

TEST_F(FoundTest, FoundsNothingWhereMboxesMayLieInAFolderThatItMayNotRead) {
    for (const std::string forbidden : {"2025", "2025/lost+found"}) {
        deliver(forbidden + "/inbox", stored_mails(1, 2));
        forbid(forbidden);
        EXPECT_TRUE(test::an_ordinary_user_sees([&] {
            const Error error = refusal([&] { Archive::found(directory); });
            return error.category() == Category::permission && error.where() == directory + "/" + forbidden &&
                   error.next().find("out of the archive") != std::string::npos &&
                   Archive::has_lost_its_ledger(directory);
        })) << forbidden;
        fs::permissions(directory + "/" + forbidden, fs::perms::all);
    }
    EXPECT_EQ(Archive::found(directory), 4U);
}

TEST_F(FoundTest, BuildsNoLostLedgerAgainWhileAFolderMayNotBeReadOrSearched) {
    deliver("2025/inbox", stored_mails(1, 2));
    Archive::found(directory);
    fs::remove(directory + "/.popkeep/ledger.db");
    fs::permissions(directory + "/.popkeep", fs::perms::all);
    for (const auto& [relative, rest] : {std::pair("/2025", 0444), std::pair("", 0333)}) {
        forbid(relative, fs::perms(rest));
        EXPECT_TRUE(test::an_ordinary_user_sees([&] {
            const Error error = refusal([&] { Archive::open(directory, Access::write); });
            return error.category() == Category::permission && error.where() == directory + relative;
        })) << relative;
        fs::permissions(directory + relative, fs::perms::all);
    }
    EXPECT_EQ(Archive::open(directory, Access::write).ledger().messages.counts({}).unclaimed, 2U);
}

TEST_F(FoundTest, ChangesNothingWhereAnArchiveIs) {
    deliver("inbox", stored_mails(1, 2));
    Archive::found(directory);
    EXPECT_EQ(Archive::found(directory), 0U);
    EXPECT_EQ(Archive::open(directory, Access::read).ledger().messages.counts({}).unclaimed, 2U);
}

TEST_F(FoundTest, IsNeededBeforeOpening) {
    fs::create_directory(directory);
    const Error error = refusal(Access::write);
    EXPECT_EQ(error.category(), Category::cannot_create);
    EXPECT_NE(error.next().find("popkeep init"), std::string::npos);
    EXPECT_FALSE(Archive::is_one(directory));
}

TEST_F(FoundTest, IsNotSaidToBeLackingWhereNobodyMayLook) {
    Archive::found(directory);
    forbid("");
    EXPECT_TRUE(
        test::an_ordinary_user_sees([&] { return refusal(Access::read).category() == Category::io; }));
    fs::permissions(directory, fs::perms::all);
}

TEST_F(FoundTest, BuildsALostLedgerAgainFromTheMboxes) {
    deliver("inbox", stored_mails(1, 2));
    Archive::found(directory);
    fs::remove(directory + "/.popkeep/ledger.db");
    EXPECT_EQ(refusal(Access::read).category(), Category::data);
    Archive archive = Archive::open(directory, Access::write);
    EXPECT_EQ(archive.ledger().messages.counts({}).unclaimed, 2U);
    EXPECT_EQ(archive.take_warnings().size(), 1U);
}

TEST_F(FoundTest, TakesAnEmptyLedgerForALostOne) {
    deliver("inbox", stored_mails(1, 2));
    Archive::found(directory);
    folder.write("mail/.popkeep/ledger.db", "");
    EXPECT_EQ(Archive::open(directory, Access::write).ledger().messages.counts({}).unclaimed, 2U);
}

TEST_F(FoundTest, TakesNothingThatALostLedgerLeftBesideItForItsOwn) {
    deliver("inbox", stored_mails(1, 2));
    Archive::found(directory);
    const std::string ledger = directory + "/.popkeep/ledger.db";
    {
        Archive archive = Archive::open(directory, Access::write);
        archive.ledger().accounts.enter("ann@example.org", "ann", 1);
        fs::copy_file(ledger + "-wal", folder / "wal");
    }
    fs::remove(ledger);
    fs::rename(folder / "wal", ledger + "-wal");
    Archive archive = Archive::open(directory, Access::write);
    EXPECT_EQ(archive.ledger().integrity(), "");
    EXPECT_EQ(archive.ledger().messages.counts({}).unclaimed, 2U);
}

TEST_F(FoundTest, BuildsALostLedgerAgainEvenIfThatWasInterruptedOnce) {
    deliver("inbox", stored_mails(1, 2));
    Archive::found(directory);
    fs::remove(directory + "/.popkeep/ledger.db");
    // A second name stops it in the middle, as a kill would.
    deliver("zzz", stored_mails(3, 3));
    fs::create_hard_link(directory + "/zzz", folder / "other");
    EXPECT_THROW(Archive::open(directory, Access::write), Error);
    fs::remove(folder / "other");
    EXPECT_EQ(Archive::open(directory, Access::write).ledger().messages.counts({}).unclaimed, 3U);
}

TEST_F(FoundTest, KnowsTheLockOfWhoWasKilledAsItBuiltTheLedgerAgain) {
    deliver("inbox", stored_mails(1, 2));
    Archive::found(directory);
    fs::remove(directory + "/.popkeep/ledger.db");
    const pid_t killed = fork();
    if (killed == 0) {
        ledger::Ledger fresh(directory + "/.popkeep/ledger.db.new", ledger::Access::write);
        ledger::Transaction transaction = fresh.transaction();
        fresh.servers.enter_run(std::time(nullptr));
        transaction.commit();
        _exit(0);
    }
    waitpid(killed, nullptr, 0);
    folder.write("mail/inbox.lock", std::to_string(killed) + "\n");
    EXPECT_EQ(Archive::open(directory, Access::write).ledger().messages.counts({}).unclaimed, 2U);
}

TEST_F(FoundTest, RefusesADamagedLedger) {
    Archive::found(directory);
    folder.write("mail/.popkeep/ledger.db", std::string(8192, 'x'));
    EXPECT_EQ(refusal(Access::write).category(), Category::data);
}
