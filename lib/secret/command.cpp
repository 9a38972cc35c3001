#include "secret/command.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/text.hpp"
#include "file/fd.hpp"
#include "process/spawn.hpp"
#include "secret/first_line.hpp"
#include "secret/obtain.hpp"
#include "secret/password.hpp"

namespace popkeep::secret {
namespace {

constexpr std::size_t output_limit = std::size_t{64} << 10U;

void replace_account(std::string& argument, std::string_view account) {
    constexpr std::string_view placeholder = "{account}";
    for (std::size_t at = 0; (at = argument.find(placeholder, at)) != std::string::npos;
         at += account.size()) {
        argument.replace(at, placeholder.size(), account);
    }
}

/// A running command; killed and reaped at the latest when the object dies.
class Child {
  public:
    Child(const std::vector<std::string>& argv, int output, std::string_view origin)
        : alone_(!person_is_there()), pid_(started(argv, output, origin)) {
        // glibc 2.36 declares pidfd_open() for C only.
        watch_ = file::Fd(static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)));
        if (!watch_) {
            const int cause = errno;
            stop();
            throw system_error(cause, "watch the password command", "");
        }
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child() {
        if (!reaped_) stop();
    }

    /// Readable once the command has ended.
    int watch() const noexcept { return watch_.get(); }
    int reap() {
        int status = 0;
        while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
        }
        reaped_ = true;
        return status;
    }

  private:
    pid_t started(const std::vector<std::string>& argv, int output, std::string_view origin) const {
        const file::Fd nothing(alone_ ? open("/dev/null", O_RDONLY | O_CLOEXEC) : -1);
        try {
            return process::spawn(argv, {nothing ? std::optional(nothing.get()) : std::nullopt, output},
                                  alone_);
        } catch (const SystemError& failure) {
            throw Error(Category::permission,
                        fmt::format("cannot run '{}' of {}", printable(argv[0], 60), origin))
                .said(std::strerror(failure.number()))
                .next("check its name; it is run without a shell");
        }
    }
    void stop() {
        kill(alone_ ? -pid_ : pid_, SIGKILL);
        reap();
    }

    bool alone_;
    pid_t pid_ = -1;
    file::Fd watch_;
    bool reaped_ = false;
};

/// Takes in what is there; what lies beyond the limit is read and dropped, so that the writer isn't cut off.
/// False at the end of the file.
bool take(int fd, std::string& output) {
    std::array<char, 4096> buffer{};
    ssize_t n = 0;
    while ((n = read(fd, buffer.data(), buffer.size())) > 0) {
        output.append(buffer.data(), std::min(static_cast<std::size_t>(n), output_limit - output.size()));
    }
    explicit_bzero(buffer.data(), buffer.size());
    return n < 0 && (errno == EAGAIN || errno == EINTR);
}

void judge(int status, const std::string& program, std::string_view origin) {
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
    throw Error(Category::permission, fmt::format("'{}' of {} failed", printable(program, 60), origin))
        .said(WIFEXITED(status) ? fmt::format("exit status {}", WEXITSTATUS(status))
                                : fmt::format("killed by signal {}", WTERMSIG(status)))
        .next("run it by hand to see why");
}

}  // namespace

std::string password_from_command(std::vector<std::string> argv, std::string_view account,
                                  std::string_view origin, std::chrono::milliseconds patience) {
    for (std::string& argument : argv) replace_account(argument, account);
    std::array<int, 2> ends{-1, -1};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw system_error(errno, "make a pipe", "");
    const file::Fd output(ends[0]);
    file::Fd input(ends[1]);
    fcntl(output.get(), F_SETFL, O_NONBLOCK);

    Child child(argv, input.get(), origin);
    // Ours must be closed, or the end of the output would never come.
    input = file::Fd();

    const Deadline deadline = Deadline::in(patience);
    std::string text;
    text.reserve(output_limit);
    std::array<pollfd, 3> waits{
        {{child.watch(), POLLIN, 0}, {output.get(), POLLIN, 0}, {interrupt::descriptor(), POLLIN, 0}}};
    // The command's end counts, not the output's: a daemon that it leaves behind may hold the pipe.
    while (waits[0].revents == 0) {
        const int ready = poll(waits.data(), waits.size(), deadline.poll_milliseconds(patience));
        if (ready < 0) waits[0].revents = waits[1].revents = 0;
        if (interrupt::requested() || (ready <= 0 && deadline.passed())) {
            wipe(text);
            interrupt::check();
            throw Error(Category::permission,
                        fmt::format("'{}' of {} hasn't ended within {}", printable(argv[0], 60), origin,
                                    human_duration(static_cast<double>(patience.count()) / 1000)))
                .next("run it by hand to see what it waits for");
        }
        if (waits[1].revents != 0 && !take(output.get(), text)) waits[1].fd = -1;
    }
    take(output.get(), text);
    try {
        judge(child.reap(), argv[0], origin);
    } catch (...) {
        wipe(text);
        throw;
    }
    return first_line(text);
}

}  // namespace popkeep::secret
