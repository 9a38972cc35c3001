#include "monitor/hook.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <span>
#include <vector>

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/text.hpp"
#include "file/durable.hpp"
#include "process/spawn.hpp"

namespace popkeep::monitor {
namespace {

// Of the time that a stop may take.
constexpr auto for_pings = std::chrono::seconds(1);

/// A file in memory, so that a command that reads nothing holds up nobody.
file::Fd file_with(std::string_view text) {
    file::Fd fd(memfd_create("popkeep", MFD_CLOEXEC));
    if (!fd) throw system_error(errno, "make a file in memory", "");
    file::write_at(fd, 0, std::span(&text, 1), "the command's input");
    return fd;
}

std::string how_it_failed(int status) {
    if (WIFSIGNALED(status)) return fmt::format("after_fetch was killed by signal {}", WTERMSIG(status));
    if (WEXITSTATUS(status) != 0)
        return fmt::format("after_fetch failed: exit status {}", WEXITSTATUS(status));
    return {};
}

int reaped(pid_t pid) {
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

bool has_ended(const file::Fd& watch) {
    pollfd wait{watch.get(), POLLIN, 0};
    return poll(&wait, 1, 0) > 0;
}

}  // namespace

Hooks::~Hooks() {
    for (const Running& hook : running_) {
        kill(-hook.pid, SIGKILL);
        reaped(hook.pid);
    }
}

void Hooks::start(const std::string& account, const std::string& command, std::string_view input) {
    try {
        const file::Fd text = file_with(input);
        const pid_t pid = process::spawn({"/bin/sh", "-c", command}, {text.get(), STDERR_FILENO}, true);
        // glibc 2.36 declares pidfd_open() for C only.
        file::Fd watch(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
        const int problem = errno;
        running_.push_back({account, pid, std::move(watch), Deadline::in(patience_)});
        if (!running_.back().watch) {
            end(running_.back(), system_error(problem, "watch after_fetch", "").what());
            running_.pop_back();
        }
    } catch (const Error& error) {
        warn_(account, fmt::format("after_fetch was not run: {}", error.what()));
    }
}

void Hooks::end(const Running& hook, const std::string& why) {
    if (!why.empty()) kill(-hook.pid, SIGKILL);
    const std::string failure = how_it_failed(reaped(hook.pid));
    if (!why.empty() || !failure.empty()) warn_(hook.account, why.empty() ? failure : why);
}

void Hooks::look() {
    for (auto hook = running_.begin(); hook != running_.end();) {
        const bool ended = has_ended(hook->watch);
        if (!ended && !hook->deadline.passed()) {
            ++hook;
            continue;
        }
        end(*hook, ended ? "" : fmt::format("after_fetch had not ended {} and was killed", when_over()));
        hook = running_.erase(hook);
    }
}

std::string Hooks::when_over() const {
    if (hurried_) return "soon after the request to stop";
    return "after " + human_duration(static_cast<double>(patience_.count()) / 1000);
}

void Hooks::wait() {
    for (look(); !running_.empty(); look()) {
        if (interrupt::requested() && !std::exchange(hurried_, true)) {
            for (Running& hook : running_)
                hook.deadline = earlier(hook.deadline, interrupt::deadline(for_pings));
        }
        std::vector<pollfd> waits{{hurried_ ? -1 : interrupt::descriptor(), POLLIN, 0}};
        int longest = 60'000;
        for (const Running& hook : running_) {
            waits.push_back({hook.watch.get(), POLLIN, 0});
            longest = hook.deadline.poll_milliseconds(std::chrono::milliseconds(longest));
        }
        poll(waits.data(), waits.size(), longest);
    }
}

}  // namespace popkeep::monitor
