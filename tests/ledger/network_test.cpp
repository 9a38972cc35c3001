// On a file system of the network, which the kernel's answer says it is.

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "file/temporary_folder.hpp"
#include "ledger/ledger.hpp"

using namespace popkeep;

namespace {

bool on_nfs = false;

// What SQLite says to one who doesn't wait.
int read_once(const std::string& path) {
    sqlite3* handle = nullptr;
    sqlite3_open(path.c_str(), &handle);
    const int code = sqlite3_exec(handle, "SELECT * FROM account", nullptr, nullptr, nullptr);
    sqlite3_close(handle);
    return code;
}

struct NetworkTest : testing::Test {
    NetworkTest() { on_nfs = true; }
    ~NetworkTest() override { on_nfs = false; }

    // What SQLite says to another process, which was there before and so knows of locks from the kernel only.
    int another_reads_behind(const std::function<void()>& what) const {
        std::array<int, 2> go{};
        if (pipe(go.data()) != 0) return -1;
        const pid_t other = fork();
        if (other == 0) {
            close(go[1]);
            char byte = 0;
            _exit(read(go[0], &byte, 1) == 1 ? read_once(path) : -1);
        }
        what();
        const bool started = write(go[1], "x", 1) == 1;
        for (const int end : go) close(end);
        int status = 0;
        waitpid(other, &status, 0);
        return started && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

    const test::TemporaryFolder folder;
    const std::string path = folder / "ledger.db";
};

}  // namespace

extern "C" int statfs(const char* path, struct statfs* status) noexcept {
    const auto code = static_cast<int>(syscall(SYS_statfs, path, status));
    if (code == 0 && on_nfs) status->f_type = 0x6969;
    return code;
}

TEST_F(NetworkTest, NoOtherProcessGetsAtTheLedgerWhileOneHasIt) {
    std::optional<ledger::Ledger> ledger;
    EXPECT_EQ(another_reads_behind([&] { ledger.emplace(path, ledger::Access::write); }), SQLITE_BUSY);
}

TEST_F(NetworkTest, AnotherProcessGetsAtTheLedgerOnceItIsClosed) {
    EXPECT_EQ(another_reads_behind([&] { ledger::Ledger(path, ledger::Access::write); }), SQLITE_OK);
}

TEST_F(NetworkTest, NoMemoryIsSharedByWayOfAFile) {
    const ledger::Ledger ledger(path, ledger::Access::write);
    EXPECT_FALSE(std::filesystem::exists(path + "-shm"));
}
