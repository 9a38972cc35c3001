#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <list>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "file/fd.hpp"

namespace popkeep::monitor {

/// Commands that are told how accounts' runs ended, beside whatever goes on. Each is a line for /bin/sh, has
/// a text on its standard input, and prints to our standard error. It runs in a process group of its own,
/// which is killed when the command's time is over. Those that still run when this dies are killed, too.
class Hooks {
  public:
    /// Told of each that went wrong, for people: "after_fetch failed: exit status 3".
    using Warn = std::function<void(const std::string& account, const std::string& sentence)>;

    explicit Hooks(Warn warn, std::chrono::milliseconds patience = std::chrono::seconds(60))
        : warn_(std::move(warn)), patience_(patience) {}
    Hooks(const Hooks&) = delete;
    Hooks& operator=(const Hooks&) = delete;
    ~Hooks();

    void start(const std::string& account, const std::string& command, std::string_view input);
    /// Buries those that have ended and kills those whose time is over; waits for nothing.
    void look();
    /// Waits until all have ended; once a stop is requested, until shortly before its end at most.
    void wait();

  private:
    struct Running {
        std::string account;
        pid_t pid;
        file::Fd watch;  ///< readable once it has ended
        Deadline deadline;
    };
    void end(const Running& hook, const std::string& why);
    std::string when_over() const;

    Warn warn_;
    std::chrono::milliseconds patience_;
    std::list<Running> running_;
    bool hurried_ = false;  ///< since a stop was requested
};

}  // namespace popkeep::monitor
