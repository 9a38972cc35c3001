#include <fcntl.h>

#include <cerrno>

#include "base/error.hpp"
#include "file/durable.hpp"

namespace popkeep::file {
namespace {

Fd checked(Fd fd, int flags, const std::string& path) {
    const struct stat status = stat_of(fd, path);
    if (!S_ISREG(status.st_mode)) throw Error(Category::data, "this is not a regular file").at(path);
    if ((flags & O_ACCMODE) != O_RDONLY && status.st_nlink > 1) {
        throw Error(Category::data, "the file has a second name (hard link)")
            .at(path)
            .next("replace it with a copy: popkeep writes no file that is also something else");
    }
    // O_NONBLOCK was for the open alone: a FIFO planted there must not hang us.
    if (fcntl(fd.get(), F_SETFL, flags & ~O_NONBLOCK) != 0) throw system_error(errno, "open", path);
    return fd;
}

[[noreturn]] void fail(int error_number, const std::string& path) {
    if (error_number == ELOOP) {
        throw Error(Category::data, "this is a symbolic link, and popkeep follows none here").at(path);
    }
    // A FIFO without a reader, a socket, a device without a driver.
    if (error_number == ENXIO) throw Error(Category::data, "this is not a regular file").at(path);
    throw system_error(error_number, "open", path);
}

Fd open_now(const std::string& path, int flags) {
    constexpr int always = O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK;
    return Fd(::open(path.c_str(), flags | always, 0600));
}

}  // namespace

Fd open_regular(const std::string& path, int flags) {
    Fd fd = open_now(path, flags);
    if (!fd) fail(errno, path);
    return checked(std::move(fd), flags, path);
}

Fd open_if_there(const std::string& path, int flags) {
    Fd fd = open_now(path, flags);
    if (!fd && errno == ENOENT) return fd;
    if (!fd) fail(errno, path);
    return checked(std::move(fd), flags, path);
}

}  // namespace popkeep::file
