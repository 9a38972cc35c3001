// Repair where the disk refuses one read of the ledger: that is no damage. SQLite's reads come here.

#include <sqlite3.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <optional>

#include "archive/archive_test.hpp"
#include "archive/repair.hpp"
#include "base/error.hpp"

using namespace popkeep;

namespace fs = std::filesystem;

namespace {

std::size_t reads = 0, refused = 0;

ssize_t read_at(int fd, void* buffer, std::size_t size, off_t offset) {
    if (++reads == refused) {
        errno = EIO;
        return -1;
    }
    return syscall(SYS_pread64, fd, buffer, size, offset);
}

struct FailingReadsTest : test::ArchiveTest {
    FailingReadsTest() {
        append_mails(1, 100);
        change([&](ledger::Ledger& ledger) { ledger.deletions.ask(row("u1"), me, 500); });
        archive.reset();
        found = folder.read(".popkeep/ledger.db");
        for (const char* call : {"pread", "pread64"}) {
            // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
            system->xSetSystemCall(system, call, reinterpret_cast<sqlite3_syscall_ptr>(read_at));
        }
    }
    ~FailingReadsTest() override { system->xSetSystemCall(system, nullptr, nullptr); }

    // What category a repair ended with whose Nth read is refused; false where it needs fewer.
    bool repair_with_refused(std::size_t number, std::optional<Category>& ended) {
        archive.reset();
        folder.write(".popkeep/ledger.db", found);
        ended.reset();
        reads = 0;
        refused = number;
        try {
            archive::repair(folder.path(), {});
        } catch (const Error& error) {
            ended = error.category();
        }
        refused = 0;
        return reads >= number;
    }
    bool was_set_aside() {
        for (const auto& entry : fs::directory_iterator(folder / ".popkeep"))
            if (entry.path().filename().string().starts_with("damaged-")) return true;
        return false;
    }

    std::string found;
    sqlite3_vfs* system = sqlite3_vfs_find(nullptr);
};

}  // namespace

TEST_F(FailingReadsTest, ASoundLedgerIsNotTakenForADamagedOne) {
    std::optional<Category> ended;
    std::size_t number = 1, failed = 0;
    for (; repair_with_refused(number, ended); ++number) {
        failed += ended == Category::io ? 1U : 0U;
        EXPECT_EQ(ended.value_or(Category::io), Category::io) << number;
        ASSERT_FALSE(was_set_aside()) << number;
    }
    EXPECT_GT(failed, number / 2) << "of " << number;
}

TEST_F(FailingReadsTest, NothingIsLeftBehindOfADamagedLedgerThatCanBeReadTheNextTime) {
    found.replace(found.size() - 4096, 4096, std::string(4096, '\x5a'));
    std::optional<Category> ended;
    for (std::size_t number = 5; repair_with_refused(number, ended); number += 10) {  // all take too long
        EXPECT_EQ(ended.value_or(Category::io), Category::io) << number;
        archive::repair(folder.path(), {});
        reopen();
        EXPECT_EQ(books().messages.counts(account).archived, 100U) << number;
        std::size_t receipts = 0;
        books().deletions.each({}, [&](const ledger::Deletion&) { ++receipts; });
        ASSERT_EQ(receipts, 1U) << number;
    }
    EXPECT_TRUE(was_set_aside());
}
