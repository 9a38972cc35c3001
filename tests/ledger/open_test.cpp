#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <barrier>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/error.hpp"
#include "file/temporary_folder.hpp"
#include "ledger/ledger.hpp"
#include "ledger/ordinary_user.hpp"

using namespace popkeep;
using ledger::Access;
using ledger::Ledger;

namespace fs = std::filesystem;

namespace {

struct OpenTest : testing::Test {
    test::TemporaryFolder folder;
    std::string path = folder / "ledger.db";

    void make() const { Ledger(path, Access::write).accounts.enter("ann@example.org", "ann", 100); }

    void run_sql(const char* sql) const {
        sqlite3* handle = nullptr;
        sqlite3_open(path.c_str(), &handle);
        EXPECT_EQ(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr), SQLITE_OK);
        sqlite3_close(handle);
    }

    // What opening says when it fails.
    Error refusal(Access access) const {
        try {
            const Ledger ledger(path, access);
        } catch (const Error& error) {
            return error;
        }
        ADD_FAILURE() << "opened";
        return {Category::software, ""};
    }

    std::vector<std::string> files() const {
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator(folder.path()))
            names.push_back(entry.path().filename());
        return names;
    }
};

}  // namespace

TEST_F(OpenTest, FollowsLinksToTheFolder) {
    fs::create_directory(folder / "real");
    fs::create_directory_symlink(folder / "real", folder / "link");
    Ledger(folder / "link/ledger.db", Access::write).accounts.enter("ann@example.org", "ann", 100);
    EXPECT_TRUE(fs::exists(folder / "real/ledger.db"));
}

TEST_F(OpenTest, WritesThroughNoLinkInThePlaceOfTheFile) {
    make();
    fs::create_symlink(path, folder / "link.db");
    EXPECT_THROW(Ledger(folder / "link.db", Access::write), Error);
}

TEST_F(OpenTest, MakesALedgerWhereThereIsNone) {
    Ledger made(path, Access::write);
    EXPECT_TRUE(made.accounts.all().empty());
    EXPECT_EQ(made.integrity(), "");
}

TEST_F(OpenTest, MayBeMadeByManyAtOnce) {
    for (int round = 0; round < 10; ++round) {
        const std::string fresh = folder / ("ledger-" + std::to_string(round));
        std::barrier start(4);
        std::vector<std::thread> makers;
        for (int maker = 0; maker < 4; ++maker) {
            makers.emplace_back([&, maker] {
                start.arrive_and_wait();
                try {
                    Ledger(fresh, Access::write).accounts.enter(std::to_string(maker), "ann", 100);
                } catch (const Error& error) {
                    ADD_FAILURE() << error.what();
                }
            });
        }
        for (std::thread& maker : makers) maker.join();
        EXPECT_EQ(Ledger(fresh, Access::read).accounts.all().size(), 4U);
    }
}

TEST_F(OpenTest, MakesItReadableForNobodyElse) {
    make();
    struct stat status {};
    ASSERT_EQ(stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(OpenTest, LeavesOneFileOnly) {
    make();
    EXPECT_EQ(files(), std::vector<std::string>{"ledger.db"});
}

TEST_F(OpenTest, FindsAgainWhatWasEntered) {
    make();
    EXPECT_EQ(Ledger(path, Access::write).accounts.all().at(0).identity, "ann@example.org");
}

TEST_F(OpenTest, CopiesTheLogThatAKilledRunLeft) {
    const pid_t child = fork();
    if (child == 0) {
        Ledger own(path, Access::write);
        own.accounts.enter("ann@example.org", "ann", 100);
        _exit(0);
    }
    waitpid(child, nullptr, 0);
    ASSERT_TRUE(fs::exists(path + "-wal"));
    const Ledger ledger(path, Access::write);
    fs::copy_file(path, folder / "without-log.db");
    EXPECT_EQ(Ledger(folder / "without-log.db", Access::read).accounts.all().size(), 1U);
}

TEST_F(OpenTest, ForReadingMakesNone) {
    EXPECT_EQ(refusal(Access::read).category(), Category::data);
    EXPECT_TRUE(files().empty());
}

TEST_F(OpenTest, RefusesALedgerOfANewerProgram) {
    make();
    run_sql("PRAGMA user_version = 99");
    for (const Access access : {Access::read, Access::write}) {
        const Error error = refusal(access);
        EXPECT_EQ(error.category(), Category::data);
        EXPECT_NE(error.next().find("newer popkeep"), std::string::npos);
    }
}

TEST_F(OpenTest, RefusesADatabaseOfAnotherProgramAndLeavesItAsItIs) {
    run_sql("CREATE TABLE bookmark (url TEXT); INSERT INTO bookmark VALUES ('x')");
    const std::string before = folder.read("ledger.db");
    for (const Access access : {Access::read, Access::write})
        EXPECT_EQ(refusal(access).category(), Category::data);
    EXPECT_TRUE(folder.read("ledger.db") == before);
}

TEST_F(OpenTest, RefusesWhatIsNoDatabase) {
    folder.write("ledger.db", std::string(8192, 'x'));
    for (const Access access : {Access::read, Access::write})
        EXPECT_EQ(refusal(access).category(), Category::data);
}

TEST_F(OpenTest, TellsADamagedPageAsData) {
    make();
    std::string bytes = folder.read("ledger.db");
    std::fill(bytes.begin() + 4096, bytes.end(), '\x5a');
    folder.write("ledger.db", bytes);
    try {
        Ledger(path, Access::write).accounts.all();
        FAIL() << "read";
    } catch (const Error& error) {
        EXPECT_EQ(error.category(), Category::data);
    }
}

TEST_F(OpenTest, TellsAsDataWhatSQLiteTakesForALaterFormatOfItsOwn) {
    make();
    std::string bytes = folder.read("ledger.db");
    bytes.at(47) = '\x5a';  // the last byte of the number of the schema's format
    folder.write("ledger.db", bytes);
    for (const Access access : {Access::read, Access::write}) {
        EXPECT_EQ(refusal(access).category(), Category::data);
        EXPECT_NE(refusal(access).next().find("popkeep repair"), std::string::npos);
    }
}

TEST_F(OpenTest, SaysWhatIsUnsound) {
    make();
    std::string bytes = folder.read("ledger.db");
    std::fill(bytes.end() - 4096, bytes.end(), '\x5a');
    folder.write("ledger.db", bytes);
    EXPECT_NE(Ledger(path, Access::write).integrity(), "");
}

TEST_F(OpenTest, ForReadingChangesNothing) {
    make();
    const std::string before = folder.read("ledger.db");
    {
        Ledger ledger(path, Access::read);
        EXPECT_EQ(ledger.accounts.all().size(), 1U);
        EXPECT_THROW(ledger.accounts.enter("bob@example.org", "bob", 1), Error);
    }
    EXPECT_TRUE(folder.read("ledger.db") == before);
    EXPECT_EQ(files(), std::vector<std::string>{"ledger.db"});
}

TEST_F(OpenTest, ReadsBesideAWriter) {
    make();
    Ledger writer(path, Access::write);
    writer.accounts.enter("bob@example.org", "bob", 1);
    const ledger::Transaction under_way = writer.transaction();
    EXPECT_EQ(Ledger(path, Access::read).accounts.all().size(), 2U);
}

TEST_F(OpenTest, ReadsWhereNothingMayBeWritten) {
    make();
    fs::permissions(folder.path(), fs::perms(0555));
    fs::permissions(path, fs::perms(0444));
    EXPECT_TRUE(
        test::an_ordinary_user_sees([&] { return Ledger(path, Access::read).accounts.all().size() == 1; }));
    EXPECT_EQ(files(), std::vector<std::string>{"ledger.db"});
    fs::permissions(folder.path(), fs::perms(0755));
}

TEST_F(OpenTest, SaysWhereTheLogOfADeadRunCannotBeRead) {
    make();
    std::ofstream(path + "-wal") << "what a run has left";
    for (const std::string& file : {path, path + "-wal"}) fs::permissions(file, fs::perms(0444));
    fs::permissions(folder.path(), fs::perms(0555));
    EXPECT_TRUE(test::an_ordinary_user_sees([&] {
        try {
            const Ledger ledger(path, Access::read);
        } catch (const Error& error) {
            return error.next().find("copy the whole archive") != std::string::npos;
        }
        return false;
    }));
    fs::permissions(folder.path(), fs::perms(0755));
}

TEST_F(OpenTest, HasNoMemosOnReadOnlyMediaWhereNobodyLeftAny) {
    make();
    fs::permissions(path, fs::perms(0444));
    fs::permissions(folder.path(), fs::perms(0555));
    EXPECT_TRUE(
        test::an_ordinary_user_sees([&] { return !Ledger(path, Access::read).memos.find(1, "anything"); }));
    fs::permissions(folder.path(), fs::perms(0755));
}

TEST_F(OpenTest, ReadsAPathWithBytesThatMeanSomethingInUris) {
    fs::create_directory(folder / "50% of #1?");
    path = folder / "50% of #1?/ledger.db";
    make();
    EXPECT_EQ(Ledger(path, Access::read).accounts.all().size(), 1U);
}
