#include "secret/prompt.hpp"

#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "base/interrupt.hpp"
#include "secret/fixture.hpp"
#include "secret/obtain.hpp"

namespace popkeep::secret {
namespace {

constexpr int answered = 10;
constexpr int wrong = 11;
constexpr int failed = 12;

/// What the program on the terminal does: asks, and ends with what came of it.
int ask_for_secret() {
    try {
        return ask("Password: ", Echo::off) == "s3cret" ? answered : wrong;
    } catch (const Error& error) {
        return error.category() == Category::permission ? failed : error.exit_code();
    }
}

/// A program on a terminal of its own, and the person before it.
class Terminal {
  public:
    explicit Terminal(int (*program)()) {
        pid_ = forkpty(&master_, nullptr, nullptr, nullptr);
        if (pid_ == 0) _exit(program());
    }
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;
    ~Terminal() { close(master_); }

    /// Waits until `text` was shown once more.
    bool shows(std::string_view text) {
        for (;;) {
            if (const std::size_t at = seen_.find(text, read_to_); at != std::string::npos) {
                read_to_ = at + text.size();
                return true;
            }
            pollfd wait{master_, POLLIN, 0};
            std::array<char, 512> buffer{};
            if (poll(&wait, 1, 10'000) <= 0) return false;
            const ssize_t n = read(master_, buffer.data(), buffer.size());
            if (n <= 0) return false;
            seen_.append(buffer.data(), static_cast<std::size_t>(n));
        }
    }
    void type(std::string_view keys) const {
        EXPECT_EQ(write(master_, keys.data(), keys.size()), static_cast<ssize_t>(keys.size()));
    }
    void send(int signal) const { EXPECT_EQ(kill(pid_, signal), 0); }
    bool echoes() const {
        termios modes{};
        EXPECT_EQ(tcgetattr(master_, &modes), 0);
        return (modes.c_lflag & ECHO) != 0;
    }
    int status() const {
        int status = 0;
        waitpid(pid_, &status, 0);
        return status;
    }
    int exit_code() const {
        const int ended = status();
        return WIFEXITED(ended) ? WEXITSTATUS(ended) : -1;
    }
    const std::string& seen() const { return seen_; }

  private:
    int master_ = -1;
    pid_t pid_ = -1;
    std::string seen_;
    std::size_t read_to_ = 0;
};

TEST(Prompt, TakesAnAnswerWithoutShowingIt) {
    Terminal terminal(ask_for_secret);
    ASSERT_TRUE(terminal.shows("Password: "));
    EXPECT_FALSE(terminal.echoes());
    terminal.type("s3cret\n");
    EXPECT_TRUE(terminal.shows("\n"));
    EXPECT_EQ(terminal.exit_code(), answered);
    EXPECT_TRUE(terminal.echoes());
    EXPECT_FALSE(contains(terminal.seen(), "s3cret"));
}

TEST(Prompt, GivesTheEchoBackAtEndOfFile) {
    Terminal terminal(ask_for_secret);
    ASSERT_TRUE(terminal.shows("Password: "));
    terminal.type("\x04");
    EXPECT_EQ(terminal.exit_code(), failed);
    EXPECT_TRUE(terminal.echoes());
}

TEST(Prompt, GivesTheEchoBackBeforeASignalKills) {
    for (const auto& [key, signal] : {std::pair("\x03", SIGINT), std::pair("\x1c", SIGQUIT)}) {
        Terminal terminal(ask_for_secret);
        ASSERT_TRUE(terminal.shows("Password: "));
        terminal.type("half");
        terminal.type(key);
        const int status = terminal.status();
        EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == signal);
        EXPECT_TRUE(terminal.echoes());
    }
}

TEST(Prompt, GivesTheEchoBackBeforeAnotherProgramEndsIt) {
    for (const int signal : {SIGTERM, SIGHUP}) {
        Terminal terminal(ask_for_secret);
        ASSERT_TRUE(terminal.shows("Password: "));
        terminal.send(signal);
        const int status = terminal.status();
        EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == signal);
        EXPECT_TRUE(terminal.echoes()) << signal;
    }
}

TEST(Prompt, GivesTheEchoBackWhenAStopIsRequested) {
    Terminal terminal([] {
        interrupt::install();
        return ask_for_secret();
    });
    ASSERT_TRUE(terminal.shows("Password: "));
    terminal.type("\x03");
    EXPECT_EQ(terminal.exit_code(), 130);
    EXPECT_TRUE(terminal.echoes());
}

/// A shell with job control: starts the program as its foreground job, continues it once it was stopped.
/// Ends with the program's code, or with 1 if the echo was off while it stood still.
int shell_with_job() {
    const pid_t job = fork();
    if (job == 0) {
        setpgid(0, 0);
        signal(SIGTTOU, SIG_IGN);
        tcsetpgrp(STDIN_FILENO, getpid());
        _exit(ask_for_secret());
    }
    int status = 0;
    waitpid(job, &status, WUNTRACED);
    if (!WIFSTOPPED(status)) return 2;
    termios modes{};
    tcgetattr(STDIN_FILENO, &modes);
    kill(job, SIGCONT);
    waitpid(job, &status, 0);
    if ((modes.c_lflag & ECHO) == 0) return 1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 3;
}

TEST(Prompt, GivesTheEchoBackWhileStoppedAndAsksAgainAfterwards) {
    Terminal terminal(shell_with_job);
    ASSERT_TRUE(terminal.shows("Password: "));
    terminal.type("\x1a");
    ASSERT_TRUE(terminal.shows("Password: "));
    terminal.type("s3cret\n");
    EXPECT_EQ(terminal.exit_code(), answered);
    EXPECT_TRUE(terminal.echoes());
    EXPECT_FALSE(contains(terminal.seen(), "s3cret"));
}

TEST(Prompt, WithoutATerminalItSaysSo) {
    const pid_t pid = fork();
    if (pid == 0) {
        setsid();
        _exit(ask_for_secret());
    }
    int status = 0;
    waitpid(pid, &status, 0);
    EXPECT_EQ(WEXITSTATUS(status), failed);
}

TEST(Prompt, ObtainAsksForUserAndPassword) {
    Terminal terminal([] {
        setenv("HOME", "/nonexistent", 1);
        Request request;
        request.account = request.host = "pop.example.com";
        const Credential credential = obtain(request);
        const bool good = credential.user == "me" && credential.password.view() == "s3cret" &&
                          credential.origin == "the prompt";
        return good ? answered : wrong;
    });
    ASSERT_TRUE(terminal.shows("User name at pop.example.com: "));
    terminal.type("me\n");
    ASSERT_TRUE(terminal.shows("Password of me at pop.example.com: "));
    terminal.type("s3cret\n");
    EXPECT_EQ(terminal.exit_code(), answered);
}

}  // namespace
}  // namespace popkeep::secret
