// When a commit is on the disk. SQLite's syncs come here first.

#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "file/temporary_folder.hpp"
#include "ledger/ledger.hpp"

using namespace popkeep;

namespace {

using Files = std::vector<std::string>;

Files synced;

struct LastingTest : testing::Test {
    // The log's beginning has a sync of its own.
    LastingTest() {
        enter("first", ledger::Lasts::at_once);
        synced.clear();
    }

    void enter(const std::string& identity, ledger::Lasts lasts) {
        ledger::Transaction transaction = ledger->transaction(lasts);
        ledger->accounts.enter(identity, identity, 1);
        transaction.commit();
    }

    const test::TemporaryFolder folder;
    std::optional<ledger::Ledger> ledger{std::in_place, folder / "ledger.db", ledger::Access::write};
};

}  // namespace

extern "C" int fdatasync(int fd) {
    synced.push_back(
        std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd)).filename().string());
    return static_cast<int>(syscall(SYS_fdatasync, fd));
}

TEST_F(LastingTest, AtOnceMeansThatTheLogIsSynced) {
    enter("ann", ledger::Lasts::at_once);
    EXPECT_EQ(synced, Files{"ledger.db-wal"});
}

TEST_F(LastingTest, LaterMeansThatNothingIsSyncedYet) {
    enter("ann", ledger::Lasts::later);
    EXPECT_EQ(synced, Files{});
}

TEST_F(LastingTest, WhatLastsAtOnceTakesTheEarlierAlong) {
    enter("ann", ledger::Lasts::later);
    enter("bob", ledger::Lasts::at_once);
    EXPECT_EQ(synced, Files{"ledger.db-wal"});
}

TEST_F(LastingTest, ClosingTakesTheRestAlongTheLogFirst) {
    enter("ann", ledger::Lasts::later);
    ledger.reset();
    EXPECT_EQ(synced, (Files{"ledger.db-wal", "ledger.db"}));
}
