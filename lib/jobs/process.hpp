#pragma once

#include <sys/types.h>

#include <functional>
#include <string>

#include "file/fd.hpp"

namespace popkeep::jobs {

/// A child process of ours, with a line to it.
///
/// It is a fork without exec: the parent has one thread and has used neither libcurl (initialised when a
/// connection is first made) nor SQLite (no ledger is opened there), so there is no lock, handle or
/// generator state that two processes would share. It ends when the parent does, whatever ends that: what is
/// complete is in the archive, and the next run goes on.
class Process {
  public:
    /// Runs `body` in the child, with its end of the line; it must not throw. `forget` is called there
    /// before, for what belongs to the parent. Throws (temporary) if the system gives no more processes.
    Process(const std::function<void()>& forget, const std::function<void(int line)>& body);
    Process(Process&&) noexcept = default;
    Process& operator=(Process&&) noexcept = default;

    int line() const noexcept { return line_.get(); }
    pid_t pid() const noexcept { return pid_; }

    struct End {
        int code = 0;     ///< its exit code; 128 and the signal's number if it was killed
        std::string how;  ///< "killed by signal 9"; empty if it ended by itself, as it should
    };
    /// Waits for its end.
    End reap() const;

  private:
    file::Fd line_;
    pid_t pid_ = -1;
};

}  // namespace popkeep::jobs
