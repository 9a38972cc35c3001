// The lock under which a ledger is written to, and built again.

#include "archive/ledger_lock.hpp"

#include <unistd.h>

#include <csignal>

#include "archive/archive_test.hpp"
#include "archive/clock.hpp"
#include "archive/disk.hpp"
#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "file/folder_lock.hpp"

using namespace popkeep;
using archive::Archive;

namespace {

// The archive that is open has its part of the lock.
struct LedgerLockTest : test::ArchiveTest {
    const std::string books_folder = folder / ".popkeep";

    LedgerLockTest() { append_mails(1, 2); }
    ~LedgerLockTest() override {
        test::seconds_passed = 0;
        test::disk.before_sync_of_other = nullptr;
    }

    // As another process would get it right now.
    file::Fd had_by_another() const {
        return file::lock_folder(books_folder, file::Locked::alone, [] { return true; });
    }
};

}  // namespace

TEST_F(LedgerLockTest, IsKeptUntilAllThatWasCommittedIsInTheLedger) {
    bool copied = false, free = false;
    test::disk.before_sync_of_other = [&](const std::string& path) {
        if (path == Archive::ledger_path(folder.path())) {
            copied = true;
            free = free || had_by_another();
        }
        return 0;
    };
    archive.reset();
    EXPECT_TRUE(copied);
    EXPECT_FALSE(free);
}

TEST_F(LedgerLockTest, IsKeptAsLongAsALedgerIsBuilt) {
    archive.reset();
    bool free = true;
    Archive::rebuild(
        folder.path(), [] { return true; }, [&](Archive&) { free = bool(had_by_another()); });
    EXPECT_FALSE(free);
}

TEST_F(LedgerLockTest, IsWaitedForAMinuteAndNoLonger) {
    int asked = 0;
    const auto wanted = [&] {
        test::seconds_passed = 60;
        return ++asked < 3;
    };
    EXPECT_THROW(archive::have_ledger_alone(books_folder, wanted), Error);
}

TEST_F(LedgerLockTest, AStopEndsTheWaiting) {
    EXPECT_EXIT(
        {
            interrupt::install();
            raise(SIGTERM);
            int asked = 0;
            try {
                archive::have_ledger_alone(books_folder, [&] { return ++asked < 2; });
            } catch (const Error& error) {
                _exit(error.exit_code());
            }
            _exit(0);
        },
        testing::ExitedWithCode(143), "");
}
