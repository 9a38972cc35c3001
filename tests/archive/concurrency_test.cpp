// Several processes at one archive, as `fetch --jobs` has them.

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <functional>

#include "archive/archive_test.hpp"

using namespace popkeep;
using test::mail;

namespace {

struct ConcurrencyTest : test::ArchiveTest {
    // Each with an archive that it opened itself. True if all ended well.
    bool at_once(int count, const std::function<void(int)>& work) {
        archive.reset();
        std::vector<pid_t> children;
        for (int number = 1; number <= count; ++number) {
            children.push_back(fork());
            if (children.back() == 0) {
                int failed = 0;
                try {
                    reopen();
                    work(number);
                    archive.reset();
                } catch (const std::exception& error) {
                    std::fputs(error.what(), stderr);
                    failed = 1;
                }
                _exit(failed);
            }
        }
        bool well = true;
        for (const pid_t child : children) {
            int status = 0;
            waitpid(child, &status, 0);
            well = well && status == 0;
        }
        reopen();
        return well;
    }
};

}  // namespace

TEST_F(ConcurrencyTest, TheAccountsOfOneMboxTakeTurns) {
    EXPECT_TRUE(at_once(3, [&](int number) {
        account = enter_account(fmt::format("account{}", number));
        for (int i = 0; i < 10; ++i) append(fmt::format("u{}", i), mail(100 * number + i));
    }));
    EXPECT_EQ(verdict(), "30 exact");
}

TEST_F(ConcurrencyTest, ALostLedgerIsBuiltOnce) {
    append_mails(1, 20);
    archive.reset();
    unlink((folder / ".popkeep/ledger.db").c_str());
    EXPECT_TRUE(at_once(3, [](int) {}));
    EXPECT_EQ(verdict(), "20 unclaimed");
}
