// What the ledger says of a disk that can't be read. SQLite's reads come here.

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "base/error.hpp"
#include "file/temporary_folder.hpp"
#include "ledger/ledger.hpp"

using namespace popkeep;

namespace {

bool only_the_first_page_is_readable = false;

ssize_t read_at(int fd, void* buffer, std::size_t size, off_t offset) {
    if (only_the_first_page_is_readable && offset >= 4096) {
        errno = EIO;
        return -1;
    }
    return syscall(SYS_pread64, fd, buffer, size, offset);
}

struct FailureTest : testing::Test {
    FailureTest() {
        for (const char* call : {"pread", "pread64"}) {
            // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
            system->xSetSystemCall(system, call, reinterpret_cast<sqlite3_syscall_ptr>(read_at));
        }
    }
    ~FailureTest() override {
        only_the_first_page_is_readable = false;
        system->xSetSystemCall(system, nullptr, nullptr);
    }

    test::TemporaryFolder folder;
    std::string path = folder / "ledger.db";
    sqlite3_vfs* system = sqlite3_vfs_find(nullptr);
};

}  // namespace

TEST_F(FailureTest, ADiskThatCanNotBeReadIsNoDamageOfTheLedger) {
    ledger::Ledger(path, ledger::Access::write).accounts.enter("ann@example.org", "ann", 100);
    only_the_first_page_is_readable = true;
    try {
        ledger::Ledger(path, ledger::Access::read).accounts.all();
        ADD_FAILURE() << "read";
    } catch (const Error& error) {
        EXPECT_EQ(error.category(), Category::io) << error.what();
    }
}
