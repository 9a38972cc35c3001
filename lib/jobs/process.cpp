#include "jobs/process.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "base/error.hpp"
#include "base/interrupt.hpp"

namespace popkeep::jobs {
namespace {

/// Between fork and install_in_child() a signal would be handled as if it were the parent's.
class HeldSignals {
  public:
    HeldSignals() {
        sigset_t signals;
        sigemptyset(&signals);
        for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, number);
        sigprocmask(SIG_BLOCK, &signals, &before_);
    }
    HeldSignals(const HeldSignals&) = delete;
    HeldSignals& operator=(const HeldSignals&) = delete;
    ~HeldSignals() { release(); }
    void release() const { sigprocmask(SIG_SETMASK, &before_, nullptr); }

  private:
    sigset_t before_{};
};

Error no_process() {
    Error error(Category::temporary, "the system starts no more processes");
    error.said(std::strerror(errno)).next("try fewer --jobs");
    return error;
}

void leave_with_the_parent(pid_t parent) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1);
}

}  // namespace

Process::Process(const std::function<void()>& forget, const std::function<void(int line)>& body) {
    std::array<int, 2> ends{-1, -1};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) throw no_process();
    line_ = file::Fd(ends[0]);
    const file::Fd far(ends[1]);
    const pid_t parent = getpid();
    const HeldSignals held;
    pid_ = fork();
    if (pid_ < 0) throw no_process();
    if (pid_ > 0) return;
    // Whatever happens, this doesn't return into the parent's work, and nothing of the parent's is flushed or
    // destroyed twice.
    try {
        leave_with_the_parent(parent);
        interrupt::install_in_child();
        held.release();
        line_ = file::Fd();
        forget();
        body(far.get());
    } catch (...) {
        _exit(static_cast<int>(Category::software));
    }
    _exit(0);
}

Process::End Process::reap() const {
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0) {
        if (errno != EINTR) return {.how = std::strerror(errno)};
    }
    if (WIFSIGNALED(status))
        return {.code = 128 + WTERMSIG(status), .how = fmt::format("killed by signal {}", WTERMSIG(status))};
    if (const int code = WEXITSTATUS(status); code != 0)
        return {.code = code, .how = fmt::format("exit status {}", code)};
    return {};
}

}  // namespace popkeep::jobs
