#include "monitor/ping.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "monitor/ping_request.hpp"

namespace popkeep::monitor {
namespace {

constexpr std::size_t longest_error = 4000;
constexpr std::string_view success = "+";

void write_all(int line, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t n = send(line, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return;  // the other side is gone, and there is nobody else to tell
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
}

/// Until the other side has said all.
std::string read_all(int line) {
    std::string text;
    std::array<char, 4096> block{};
    for (;;) {
        const ssize_t n = read(line, block.data(), block.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return text;
        text.append(block.data(), static_cast<std::size_t>(n));
    }
}

/// Waits until the other side has something to say, or has gone. False: it took too long.
bool await_end(int line, Deadline deadline) {
    for (;;) {
        const bool stopped = interrupt::requested();
        if (stopped) deadline = earlier(deadline, interrupt::deadline());
        std::array<pollfd, 2> waits{{{line, POLLIN, 0}, {stopped ? -1 : interrupt::descriptor(), POLLIN, 0}}};
        const int ready = poll(waits.data(), waits.size(), deadline.poll_milliseconds(2 * Ping::patience));
        if (waits[0].revents != 0) return true;
        if (deadline.passed() || (ready < 0 && errno != EINTR)) return false;
    }
}

/// The whole life of the process.
void live(const std::string& url, int line) {
    // What stops the run must not stop this, which is over soon and tells of the stop.
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) (void)signal(number, SIG_IGN);
    // Nothing of the parent's may be held open here, such as another process's end of file.
    if (line > 3) close_range(3, static_cast<unsigned>(line) - 1, 0);
    close_range(static_cast<unsigned>(line) + 1, ~0U, 0);
    const std::string at_start = ping(ping_address(url, "start"), {}, Ping::patience);
    const std::string verdict = read_all(line);
    const std::string at_end =
        verdict == success ? ping(url, {}, Ping::patience)
                           : ping(ping_address(url, "fail"),
                                  verdict.empty() ? "the run ended without a word" : verdict, Ping::patience);
    std::string wrong;
    if (!at_start.empty()) wrong += "at the start: " + at_start;
    if (!at_end.empty()) wrong += (wrong.empty() ? "at the end: " : "; at the end: ") + at_end;
    write_all(line, wrong);
}

}  // namespace

Ping::Ping(const std::string& url) {
    std::array<int, 2> ends{-1, -1};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        throw system_error(errno, "make a socket", "");
    line_ = file::Fd(ends[0]);
    const file::Fd far(ends[1]);
    pid_ = fork();
    if (pid_ < 0) throw system_error(errno, "start a process", "");
    if (pid_ > 0) return;
    try {
        live(url, far.get());
    } catch (...) {
        _exit(1);
    }
    _exit(0);
}

Ping::Ping(Ping&& other) noexcept : line_(std::move(other.line_)), pid_(std::exchange(other.pid_, -1)) {}

Ping::~Ping() {
    if (pid_ > 0) finish(Deadline::in(2 * patience));
}

void Ping::succeeded() {
    tell(success);
}

void Ping::failed(std::string_view error) {
    tell(error.substr(0, longest_error));
}

void Ping::tell(std::string_view verdict) {
    write_all(line_.get(), verdict);
    shutdown(line_.get(), SHUT_WR);
}

std::string Ping::finish(Deadline deadline) {
    shutdown(line_.get(), SHUT_WR);
    const bool over = await_end(line_.get(), deadline);
    if (!over) kill(pid_, SIGKILL);
    std::string wrong = over ? read_all(line_.get()) : "no answer in time";
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return wrong;
}

}  // namespace popkeep::monitor
