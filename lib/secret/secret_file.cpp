#include "secret/secret_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "file/fd.hpp"
#include "secret/password.hpp"

namespace popkeep::secret {
namespace {

constexpr std::size_t limit = std::size_t{1} << 20U;
constexpr auto patience = std::chrono::seconds(60);

// What the machine lacks for the moment (descriptors, memory, a sound disk) is no matter of credentials.
Error cannot_read(const std::string& path, int error_number) {
    const bool may_not = error_number == EACCES || error_number == EPERM;
    Error error(may_not ? Category::permission : Category::io, "cannot read the file");
    error.at(path).said(std::strerror(error_number));
    return error;
}

/// Waits for a pipe's other end; a regular file is always ready.
void wait_readable(int fd, const Deadline& deadline, const std::string& path) {
    std::array<pollfd, 2> waits{{{fd, POLLIN, 0}, {interrupt::descriptor(), POLLIN, 0}}};
    while (poll(waits.data(), waits.size(), deadline.poll_milliseconds(patience)) <= 0) {
        interrupt::check();
        if (deadline.passed()) {
            throw Error(Category::permission, "nobody wrote a password into the pipe for 60 s").at(path);
        }
    }
    interrupt::check();
}

// systemd hands credentials out readable for the service alone, in its own way (mode 0440 and an ACL).
bool is_systemd_credential(const std::string& path) {
    const char* const given = std::getenv("CREDENTIALS_DIRECTORY");
    const std::string folder = given == nullptr ? "" : given;
    return !folder.empty() && path.starts_with(folder + "/") && path.find("/../") == std::string::npos;
}

}  // namespace

std::optional<SecretFile> read_secret_file(const std::string& path) {
    // O_NONBLOCK: opening a FIFO that nobody writes to must not hang.
    const file::Fd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!fd) {
        if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
        throw cannot_read(path, errno);
    }
    struct stat info {};
    if (fstat(fd.get(), &info) != 0) throw cannot_read(path, errno);
    if (!S_ISREG(info.st_mode) && !S_ISFIFO(info.st_mode)) {
        throw Error(Category::permission, "this is neither a file nor a pipe").at(path);
    }
    SecretFile file{.text = {}, .mode = info.st_mode & 07777U};
    const Deadline deadline = Deadline::in(patience);
    std::array<char, 4096> buffer{};
    for (;;) {
        wait_readable(fd.get(), deadline, path);
        const ssize_t n = read(fd.get(), buffer.data(), buffer.size());
        if (n == 0) break;
        if (n < 0) {
            if (errno == EINTR || errno == EAGAIN) continue;
            throw cannot_read(path, errno);
        }
        if (file.text.size() + static_cast<std::size_t>(n) > limit) {
            wipe(file.text);
            throw Error(Category::permission, "the file is larger than 1 MiB").at(path);
        }
        if (file.text.size() + static_cast<std::size_t>(n) > file.text.capacity()) {
            // Growing by hand, so that no copy stays behind in freed memory.
            std::string bigger;
            bigger.reserve(2 * (file.text.size() + buffer.size()));
            bigger = file.text;
            file.text.swap(bigger);
            wipe(bigger);
        }
        file.text.append(buffer.data(), static_cast<std::size_t>(n));
    }
    explicit_bzero(buffer.data(), buffer.size());
    return file;
}

void require_private(const SecretFile& file, const std::string& path) {
    if ((file.mode & 077U) == 0 || is_systemd_credential(path)) return;
    throw Error(Category::permission,
                fmt::format("others can read this file of secrets (mode {:04o})", file.mode & 0777U))
        .at(path)
        .next(fmt::format("chmod 600 '{}'", path));
}

}  // namespace popkeep::secret
