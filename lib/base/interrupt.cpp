#include "base/interrupt.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>

#include "base/error.hpp"

namespace popkeep::interrupt {
namespace {

std::atomic<int> caught{0};
// On the monotonic clock; 0: never.
std::atomic<Deadline::Clock::rep> caught_at{0};
std::array<int, 2> wake{-1, -1};

volatile std::sig_atomic_t second_leaves = 1;

extern "C" void on_signal(int number) {
    // Before the other, which is asked for.
    Deadline::Clock::rep never = 0;
    caught_at.compare_exchange_strong(never, Deadline::Clock::now().time_since_epoch().count());
    int none = 0;
    if (!caught.compare_exchange_strong(none, number)) {
        if (second_leaves != 0) _exit(128 + number);
        return;
    }
    const int saved = errno;
    // A full pipe is readable too, so the result doesn't matter.
    [[maybe_unused]] const auto written = write(wake[1], "!", 1);
    errno = saved;
}

}  // namespace

void install() {
    if (pipe2(wake.data(), O_CLOEXEC | O_NONBLOCK) != 0) throw system_error(errno, "make a pipe", "");
    struct sigaction action {};
    action.sa_handler = on_signal;
    sigemptyset(&action.sa_mask);
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
        struct sigaction before {};
        sigaction(number, nullptr, &before);
        // nohup and a shell's background jobs ask for this.
        if (before.sa_handler != SIG_IGN) sigaction(number, &action, nullptr);
    }
    // Writing to a pipe whose reader has gone is an error like any other.
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, nullptr);
    // So is a file that may not grow any more: the next part of the mbox is begun.
    sigaction(SIGXFSZ, &action, nullptr);
}

void install_in_child() {
    // The pipe is shared with the parent, which must not wake when this process is told to stop.
    for (const int fd : wake) close(fd);
    wake = {-1, -1};
    caught = 0;
    caught_at = 0;
    second_leaves = 0;
    if (pipe2(wake.data(), O_CLOEXEC | O_NONBLOCK) != 0) throw system_error(errno, "make a pipe", "");
}

bool requested() noexcept {
    return caught != 0;
}

int signal_number() noexcept {
    return caught;
}

Deadline deadline(std::chrono::seconds ahead) noexcept {
    const Deadline::Clock::time_point begin{Deadline::Clock::duration(caught_at.load())};
    return Deadline::in(begin + patience - ahead - Deadline::Clock::now());
}

int descriptor() noexcept {
    return wake[0];
}

int exit_code() noexcept {
    const int number = caught;
    if (number == 0) return 0;
    return static_cast<int>(number == SIGINT ? Category::interrupted : Category::terminated);
}

void check() {
    if (!requested()) return;
    throw Error(static_cast<Category>(exit_code()), "stopped on request")
        .next("run the same command again to go on");
}

void pause(std::chrono::seconds time) {
    const Deadline deadline = Deadline::in(time);
    while (!deadline.passed()) {
        struct pollfd stop {
            descriptor(), POLLIN, 0
        };
        poll(&stop, 1, deadline.poll_milliseconds(std::chrono::seconds(60)));
        check();
    }
}

}  // namespace popkeep::interrupt
