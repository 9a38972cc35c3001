#include "base/interrupt.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "base/error.hpp"

using namespace popkeep;

// Each runs in a process of its own: handlers and the stop request can't be taken back.
namespace {

bool readable(int fd) {
    struct pollfd descriptor {
        fd, POLLIN, 0
    };
    return poll(&descriptor, 1, 0) == 1;
}

int code_of_check() {
    try {
        interrupt::check();
    } catch (const Error& error) {
        return error.exit_code();
    }
    return 0;
}

}  // namespace

TEST(Interrupt, TheFirstSignalAsksForAStopAndWakesEveryPoll) {
    EXPECT_EXIT(
        {
            interrupt::install();
            if (interrupt::requested() || readable(interrupt::descriptor()) || code_of_check() != 0) _exit(1);
            raise(SIGINT);
            if (!interrupt::requested() || !readable(interrupt::descriptor())) _exit(2);
            _exit(code_of_check());
        },
        testing::ExitedWithCode(130), "");
}

TEST(Interrupt, TheSecondSignalEndsTheProcess) {
    EXPECT_EXIT(
        {
            interrupt::install();
            raise(SIGTERM);
            raise(SIGTERM);
            _exit(0);
        },
        testing::ExitedWithCode(143), "");
}

TEST(Interrupt, AHangUpAsksForAStopAsWell) {
    EXPECT_EXIT(
        {
            interrupt::install();
            raise(SIGHUP);
            _exit(code_of_check());
        },
        testing::ExitedWithCode(143), "");
}

TEST(Interrupt, AnIgnoredHangUpStaysIgnored) {
    EXPECT_EXIT(
        {
            std::signal(SIGHUP, SIG_IGN);
            interrupt::install();
            raise(SIGHUP);
            _exit(interrupt::requested() ? 1 : 0);
        },
        testing::ExitedWithCode(0), "");
}

TEST(Interrupt, WritingToAClosedPipeIsAnErrorNotTheEnd) {
    EXPECT_EXIT(
        {
            interrupt::install();
            raise(SIGPIPE);
            _exit(interrupt::requested() ? 1 : 0);
        },
        testing::ExitedWithCode(0), "");
}

TEST(Interrupt, AChildStopsForItselfAndOnceHoweverOftenItIsTold) {
    EXPECT_EXIT(
        {
            interrupt::install();
            interrupt::install_in_child();
            if (interrupt::requested() || readable(interrupt::descriptor())) _exit(1);
            raise(SIGTERM);
            raise(SIGINT);
            if (!readable(interrupt::descriptor())) _exit(2);
            _exit(code_of_check());
        },
        testing::ExitedWithCode(143), "");
}

TEST(Interrupt, AChildsStopDoesNotWakeItsParent) {
    EXPECT_EXIT(
        {
            interrupt::install();
            const pid_t child = fork();
            if (child == 0) {
                interrupt::install_in_child();
                raise(SIGTERM);
                _exit(0);
            }
            waitpid(child, nullptr, 0);
            _exit(readable(interrupt::descriptor()) || interrupt::requested() ? 1 : 0);
        },
        testing::ExitedWithCode(0), "");
}
