#include "secret/prompt.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "file/fd.hpp"
#include "secret/password.hpp"

namespace popkeep::secret {
namespace {

/// Holds back the signals that a person or the system ends or stops a program with. They stay pending: what
/// they do (kill, stop, our own handler) happens when the object dies.
class HeldSignals {
  public:
    HeldSignals() {
        sigset_t signals;
        sigemptyset(&signals);
        for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP}) sigaddset(&signals, number);
        sigprocmask(SIG_BLOCK, &signals, &before_);
        arrived_ = file::Fd(signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
    }
    HeldSignals(const HeldSignals&) = delete;
    HeldSignals& operator=(const HeldSignals&) = delete;
    ~HeldSignals() { sigprocmask(SIG_SETMASK, &before_, nullptr); }

    /// Readable once one is pending. It must not be read, which would swallow the signal.
    int descriptor() const noexcept { return arrived_.get(); }

  private:
    sigset_t before_{};
    file::Fd arrived_;
};

void show(int terminal, std::string_view text) {
    while (!text.empty()) {
        const ssize_t n = write(terminal, text.data(), text.size());
        if (n < 0 && errno != EINTR) return;
        if (n > 0) text.remove_prefix(static_cast<std::size_t>(n));
    }
}

/// No echo while the object lives.
class Silence {
  public:
    explicit Silence(int terminal) : terminal_(terminal) {
        if (tcgetattr(terminal_, &before_) != 0)
            throw system_error(errno, "ask the terminal for its modes", "/dev/tty");
        termios silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL);
        silent.c_lflag |= ICANON | ISIG;
        if (tcsetattr(terminal_, TCSAFLUSH, &silent) != 0) {
            throw system_error(errno, "turn off the terminal's echo", "/dev/tty");
        }
    }
    Silence(const Silence&) = delete;
    Silence& operator=(const Silence&) = delete;
    ~Silence() {
        tcsetattr(terminal_, TCSANOW, &before_);
        show(terminal_, "\n");
    }

  private:
    int terminal_;
    termios before_{};
};

/// Nothing if a signal came first.
std::optional<std::string> read_line(int terminal, int signals) {
    std::string line;
    // A terminal's line is at most 4,096 bytes long (N_TTY_BUF_SIZE), so that nothing is copied around.
    std::array<char, 4096> buffer{};
    line.reserve(2 * buffer.size());
    std::array<pollfd, 2> waits{{{signals, POLLIN, 0}, {terminal, POLLIN, 0}}};
    while (line.size() < buffer.size()) {
        if (poll(waits.data(), waits.size(), -1) < 0) continue;
        if (waits[0].revents != 0) {
            wipe(line);
            return std::nullopt;
        }
        const ssize_t n = read(terminal, buffer.data(), buffer.size());
        if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (n <= 0) {
            wipe(line);
            throw Error(Category::permission, "nothing was typed")
                .next("run it again and answer, or name a source");
        }
        line.append(buffer.data(), static_cast<std::size_t>(n));
        explicit_bzero(buffer.data(), buffer.size());
        if (line.ends_with('\n')) {
            line.pop_back();
            break;
        }
    }
    return line;
}

}  // namespace

std::string ask(std::string_view question, Echo echo) {
    const file::Fd terminal(open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
    if (!terminal) {
        Error error(Category::permission, "there is no terminal to ask on");
        throw error.said(std::strerror(errno));
    }
    for (;;) {
        interrupt::check();
        // Undone in reverse: first the echo comes back, then the signals are let through.
        const HeldSignals held;
        std::optional<Silence> silence;
        if (echo == Echo::off) silence.emplace(terminal.get());
        show(terminal.get(), question);
        if (auto line = read_line(terminal.get(), held.descriptor())) return std::move(*line);
        // Still here after the signal: it was Ctrl-Z and fg, or interrupt::check() knows. Ask anew.
    }
}

}  // namespace popkeep::secret
