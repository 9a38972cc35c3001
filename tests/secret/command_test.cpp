#include "secret/command.hpp"

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "base/interrupt.hpp"
#include "secret/fixture.hpp"

namespace popkeep::secret {
namespace {

using namespace std::chrono_literals;

class PasswordCommand : public SecretTest {
  protected:
    static std::string run(std::vector<std::string> argv, std::chrono::milliseconds patience = 30s) {
        return password_from_command(std::move(argv), "work", "password_command", patience);
    }
    static std::string shell(std::string script, std::chrono::milliseconds patience = 30s) {
        return run({"sh", "-c", std::move(script)}, patience);
    }
};

TEST_F(PasswordCommand, GivesItsFirstLine) {
    EXPECT_EQ(run({"printf", "secret\\nuser: me\\n"}), "secret");
    EXPECT_EQ(run({"printf", "secret\\r\\n"}), "secret");
    EXPECT_EQ(run({"printf", "no end"}), "no end");
}

TEST_F(PasswordCommand, LearnsTheAccountsName) {
    EXPECT_EQ(run({"printf", "%s-%s", "{account}", "a{account}b{account}"}), "work-aworkbwork");
}

TEST_F(PasswordCommand, IsNotGivenToAShell) {
    EXPECT_EQ(run({"printf", "%s", "$HOME; `id` > x"}), "$HOME; `id` > x");
}

TEST_F(PasswordCommand, DoesNotSeeThePasswordOfTheEnvironment) {
    setenv("POPKEEP_PASSWORD", "hush", 1);
    EXPECT_EQ(shell("echo \"${POPKEEP_PASSWORD-unset} $HOME\""), "unset " + home_);
}

TEST_F(PasswordCommand, MayPrintMuchMoreThanIsKept) {
    EXPECT_EQ(shell("echo secret; head -c 1000000 /dev/zero"), "secret");
}

TEST_F(PasswordCommand, ThatFailsIsNamedWithItsStatusAndNotItsArguments) {
    EXPECT_EQ(error_of(Category::permission, [] { shell("echo secret; exit 3"); }),
              "'sh' of password_command failed (exit status 3); run it by hand to see why");
    EXPECT_EQ(error_of(Category::permission, [] { shell("kill -9 $$"); }),
              "'sh' of password_command failed (killed by signal 9); run it by hand to see why");
}

TEST_F(PasswordCommand, ThatIsNotThereIsTold) {
    EXPECT_EQ(error_of(Category::permission, [] { run({"no-such-program-here"}); }),
              "cannot run 'no-such-program-here' of password_command (No such file or directory); check its "
              "name; it "
              "is run without a shell");
}

TEST_F(PasswordCommand, ThatHangsIsKilledWithItsChildren) {
    const std::string pid_file = home_ + "/pid";
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(
        error_of(Category::permission, [&] { shell("sleep 50 & echo $! > " + pid_file + "; wait", 400ms); }),
        "'sh' of password_command hasn't ended within 0.4 s; run it by hand to see what it waits for");
    EXPECT_LT(std::chrono::steady_clock::now() - start, 20s);
    if (isatty(STDIN_FILENO) == 1) GTEST_SKIP() << "with a person there the command shares our process group";
    pid_t pid = 0;
    std::ifstream(pid_file) >> pid;
    ASSERT_GT(pid, 0);
    // Killed, but perhaps not yet reaped by init: then its state is Z.
    std::this_thread::sleep_for(100ms);
    std::string line;
    std::ifstream status("/proc/" + std::to_string(pid) + "/status");
    while (std::getline(status, line) && !line.starts_with("State:")) {
    }
    EXPECT_TRUE(line.empty() || contains(line, "Z")) << line;
}

TEST_F(PasswordCommand, IsNotWaitedForOnceAStopIsRequested) {
    EXPECT_EXIT(
        {
            interrupt::install();
            int code = 0;
            try {
                shell("kill -TERM $PPID; exec sleep 5");
            } catch (const Error& error) {
                code = error.exit_code();
            }
            _exit(code);
        },
        testing::ExitedWithCode(143), "");
}

TEST_F(PasswordCommand, HasThePipeSignalOfAnyProgramThoughWeIgnoreIt) {
    EXPECT_EXIT(
        {
            interrupt::install();
            const auto line = error_of(Category::permission, [] { shell("kill -PIPE $$; echo secret"); });
            _exit(contains(line, "killed by signal 13") ? 0 : 1);
        },
        testing::ExitedWithCode(0), "");
}

TEST_F(PasswordCommand, ADaemonThatKeepsItsOutputOpenDelaysNothing) {
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(shell("sleep 3 2>&1 & echo secret"), "secret");
    EXPECT_LT(std::chrono::steady_clock::now() - start, 2s);
}

TEST_F(PasswordCommand, ThatClosesItsOutputIsStillWaitedFor) {
    EXPECT_EQ(error_of(Category::permission, [] { shell("echo secret; exec >&-; sleep 0.2; exit 4"); }),
              "'sh' of password_command failed (exit status 4); run it by hand to see why");
}

}  // namespace
}  // namespace popkeep::secret
