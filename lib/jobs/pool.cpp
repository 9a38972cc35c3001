#include "jobs/pool.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <list>
#include <map>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/text.hpp"
#include "jobs/process.hpp"
#include "jobs/receiver.hpp"

namespace popkeep::jobs {
namespace {

struct Running {
    Running(std::size_t number, Process child, Receiver hearer)
        : task(number), process(std::move(child)), receiver(std::move(hearer)) {}

    std::size_t task;
    Process process;
    Receiver receiver;
    bool has_terminal = false;
    bool over = false;
    std::string defect;  ///< what it said that made no sense
};

fetch::Summary failed(Error error) {
    fetch::Summary summary;
    summary.error = std::move(error);
    return summary;
}

// The whole life of a task's process.
void live(const Task& task, int line) {
    Sender sender(line);
    fetch::Summary summary;
    try {
        summary = task.body(sender);
    } catch (const std::exception& failure) {
        summary = failed(error_of(failure));
    }
    try {
        sender.finished(summary);
    } catch (const Error&) {
        _exit(summary.exit_code());
    }
}

class Pool {
  public:
    Pool(std::span<const Task> tasks, const Limits& limits, Watcher& watcher)
        : tasks_(tasks), limits_(limits), watcher_(watcher) {
        for (std::size_t task = 0; task < tasks.size(); ++task) waiting_.push_back(task);
    }

    void run() {
        for (;;) {
            if (interrupt::requested()) pass_the_stop_on();
            begin_what_may();
            if (running_.empty()) return;
            lend_terminal();
            listen();
            take_terminal_back();
            bury();
            watcher_.tick();
        }
    }

  private:
    void begin_what_may() {
        for (auto at = waiting_.begin(); at != waiting_.end() && running_.size() < limits_.at_once;) {
            const std::size_t task = *at;
            if (at_host_[tasks_[task].host] >= limits_.per_host) {
                ++at;
                continue;
            }
            // Where the system gives no more processes, the next one waits for the end of another.
            if (!begin(task)) return;
            at = waiting_.erase(at);
        }
    }

    bool begin(std::size_t task) {
        watcher_.before_fork();
        try {
            Process process([this] { running_.clear(); }, [&](int line) { live(tasks_[task], line); });
            running_.emplace_back(task, std::move(process), Receiver(watcher_.begun(task)));
            ++at_host_[tasks_[task].host];
        } catch (const Error& error) {
            if (!running_.empty()) return false;
            watcher_.begun(task);
            watcher_.ended(task, failed(error));
        }
        return true;
    }

    void pass_the_stop_on() {
        waiting_.clear();
        if (std::exchange(stopped_, true)) return;
        for (const Running& one : running_) kill(one.process.pid(), interrupt::signal_number());
    }

    void lend_terminal() {
        if (lent_) return;
        const auto next =
            std::ranges::find_if(running_, [](const Running& one) { return one.receiver.wants_terminal(); });
        if (next == running_.end()) return;
        lent_ = true;
        watcher_.terminal_lent();
        next->has_terminal = send(next->process.line(), "!", 1, MSG_NOSIGNAL) == 1;
    }

    void take_terminal_back() {
        if (!lent_ || std::ranges::any_of(running_, &Running::has_terminal)) return;
        lent_ = false;
        watcher_.terminal_returned();
    }

    void listen() {
        std::vector<pollfd> waits{{stopped_ ? -1 : interrupt::descriptor(), POLLIN, 0}};
        std::vector<Running*> who;
        for (Running& one : running_) {
            waits.push_back({one.process.line(), POLLIN, 0});
            who.push_back(&one);
        }
        const int ready = poll(waits.data(), waits.size(), 500);
        if (ready == 0 || (ready < 0 && errno == EINTR)) return;
        // Where the system can't tell who has spoken, all are asked.
        if (ready < 0) std::this_thread::sleep_for(std::chrono::milliseconds(100));
        for (std::size_t i = 0; i < who.size(); ++i) {
            if (ready < 0 || waits[i + 1].revents != 0) hear(*who[i]);
        }
    }

    static void hear(Running& one) {
        std::array<char, 65536> bytes{};
        const ssize_t n = recv(one.process.line(), bytes.data(), bytes.size(), MSG_DONTWAIT);
        if (n < 0 && (errno == EINTR || errno == EAGAIN)) return;
        one.over = n <= 0;
        try {
            if (!one.over) one.receiver.feed({bytes.data(), static_cast<std::size_t>(n)});
        } catch (const Error& error) {
            one.defect = error.sentence();
            one.over = true;
            kill(one.process.pid(), SIGKILL);
        }
        if (one.receiver.take_leave() || one.over) one.has_terminal = false;
    }

    void bury() {
        for (auto one = running_.begin(); one != running_.end();) {
            if (!one->over) {
                ++one;
                continue;
            }
            const Process::End end = one->process.reap();
            watcher_.ended(one->task, one->receiver.summary() ? *one->receiver.summary() : lost(*one, end));
            --at_host_[tasks_[one->task].host];
            one = running_.erase(one);
        }
    }

    static fetch::Summary lost(const Running& one, const Process::End& end) {
        // It could say no more than a sentence when a mapped file was taken from it.
        if (one.defect.empty() && end.code == static_cast<int>(Category::io))
            return failed(Error(Category::io, "the process of this account was ended by the disk")
                              .next("check the disk, then run again: nothing archived so far is lost"));
        return failed(Error(Category::software, "the process of this account ended unexpectedly")
                          .said(one.defect.empty() ? end.how : one.defect)
                          .next("nothing archived is lost, and the next run goes on; please report it"));
    }

    std::span<const Task> tasks_;
    const Limits& limits_;
    Watcher& watcher_;
    std::list<std::size_t> waiting_;
    std::list<Running> running_;
    std::map<std::string, std::size_t> at_host_;
    bool stopped_ = false, lent_ = false;
};

}  // namespace

void run(std::span<const Task> tasks, const Limits& limits, Watcher& watcher) {
    Pool(tasks, limits, watcher).run();
}

}  // namespace popkeep::jobs
