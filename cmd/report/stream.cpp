#include "report/stream.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>

#include "base/interrupt.hpp"

namespace popkeep::report {
namespace {

constexpr std::size_t worth_a_write = std::size_t{64} * 1024;
constexpr int patience = 1000;  // milliseconds; a stop may take 5 s in all

}  // namespace

void Stream::add(std::string_view text) {
    buffer_ += text;
    if (buffer_.size() >= worth_a_write) flush();
}

void Stream::flush() {
    if (held_) return;
    std::string_view left = buffer_;
    while (!left.empty() && await_reader()) {
        // A pipe that is ready takes so much without making anybody wait.
        const ssize_t written = write(fd_, left.data(), std::min<std::size_t>(left.size(), PIPE_BUF));
        if (written >= 0) {
            left.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno != EINTR && errno != EAGAIN) {
            if (failure_ == 0) failure_ = errno;
            break;
        }
    }
    buffer_.clear();
}

void Stream::release() {
    held_ = false;
    flush();
}

void Stream::forget() {
    held_ = false;
    buffer_.clear();
}

bool Stream::await_reader() {
    while (!given_up_) {
        const bool stopped = interrupt::requested();
        std::array<pollfd, 2> fds{{{fd_, POLLOUT, 0}, {interrupt::descriptor(), POLLIN, 0}}};
        const int ready = poll(fds.data(), stopped ? 1 : fds.size(), stopped ? patience : -1);
        // Also if it can't be written to: write() says why.
        if (fds[0].revents != 0 || (ready < 0 && errno != EINTR)) return true;
        given_up_ = stopped && ready == 0;
    }
    return false;
}

Stream& standard_output() {
    static Stream stream(STDOUT_FILENO);
    return stream;
}

Stream& standard_error() {
    static Stream stream(STDERR_FILENO);
    return stream;
}

}  // namespace popkeep::report
