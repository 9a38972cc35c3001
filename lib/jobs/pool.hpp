#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "jobs/sender.hpp"

/// Several accounts at the same time, each in a process of its own.
namespace popkeep::jobs {

struct Task {
    std::string host;
    /// Runs in the task's process. What it throws becomes the error of its summary.
    std::function<fetch::Summary(Sender&)> body;
};

struct Limits {
    std::size_t at_once = 1;
    std::size_t per_host = 1;
};

/// Told in the parent's process what becomes of each task, by its place in the list.
class Watcher {
  public:
    virtual ~Watcher() = default;
    /// A process is about to be made. What stands in a buffer then would be written by both.
    virtual void before_fork() {}
    /// The task begins; what its run tells goes to the observer returned, which lives until ended().
    virtual fetch::Observer& begun(std::size_t task) = 0;
    /// Also of a task whose process could not be started or was lost: then the error's category is temporary
    /// or software.
    virtual void ended(std::size_t task, const fetch::Summary& summary) = 0;
    /// A task has the terminal: nothing may be shown there until it is returned, while the others go on.
    virtual void terminal_lent() {}
    virtual void terminal_returned() {}
    /// A second or so has passed, or less.
    virtual void tick() {}
};

/// Runs all tasks in their order as far as the limits let them; returns when all have ended. A stop that is
/// requested (base/interrupt.hpp) is passed on to those that run, once, and no other is begun.
void run(std::span<const Task> tasks, const Limits& limits, Watcher& watcher);

}  // namespace popkeep::jobs
