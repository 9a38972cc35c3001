#include "mbox/file_lock.hpp"

#include <fcntl.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include "base/error.hpp"

namespace popkeep::mbox {
namespace {

struct flock whole_file(short type) {
    struct flock lock {};  // l_pid must be 0 for OFD locks
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    return lock;
}

Holder holder_of(const file::Fd& fd, short type) {
    struct flock lock = whole_file(type);
    Holder holder;
    // Only POSIX locks have an owner; for OFD locks the kernel says -1.
    if (fcntl(fd.get(), F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK && lock.l_pid > 0) {
        holder.pid = lock.l_pid;
    }
    return holder;
}

}  // namespace

std::optional<FileLock> FileLock::attempt(const file::Fd& fd, Kind kind, const std::string& path,
                                          Holder& holder) {
    const short type = kind == Kind::shared ? F_RDLCK : F_WRLCK;
    struct flock lock = whole_file(type);
    if (fcntl(fd.get(), F_OFD_SETLK, &lock) == 0) return FileLock(fd.get());
    if (errno == EAGAIN || errno == EACCES || errno == EINTR) {
        holder = holder_of(fd, type);
        return std::nullopt;
    }
    throw system_error(errno, "lock", path);
}

FileLock::FileLock(FileLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

FileLock::~FileLock() {
    if (fd_ < 0) return;
    struct flock lock = whole_file(F_UNLCK);
    fcntl(fd_, F_OFD_SETLK, &lock);
}

}  // namespace popkeep::mbox
