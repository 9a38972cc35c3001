#include "archive/disk.hpp"

#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>

namespace popkeep::test {

Disk disk;

namespace {

std::filesystem::path path_at(int fd) {
    std::error_code problem;
    return std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd), problem);
}

std::optional<std::string> mbox_at(int fd) {
    const auto path = path_at(fd);
    if (path.extension() != ".mbox") return std::nullopt;
    return path.string();
}

// The errno that the sync of this file ends with, or 0.
int sync_at(int fd) {
    if (const auto path = mbox_at(fd)) return disk.sync(*path);
    return disk.before_sync_of_other ? disk.before_sync_of_other(path_at(fd).string()) : 0;
}

}  // namespace

void Disk::holds(const std::string& path, std::uint64_t offset, char byte) {
    const std::lock_guard lock(mutex_);
    bytes_.push_back({std::filesystem::canonical(path), offset, byte, true});
}

void Disk::spoils(const std::string& path, std::uint64_t offset, char byte) {
    const std::lock_guard lock(mutex_);
    bytes_.push_back({std::filesystem::canonical(path), offset, byte, false});
}

void Disk::meets_read(std::function<void()> what) {
    const std::lock_guard lock(mutex_);
    at_read_behind_sync_ = std::move(what);
}

int Disk::sync(const std::string& path) {
    if (const int error_number = before_sync ? before_sync() : 0) return error_number;
    const std::lock_guard lock(mutex_);
    for (Byte& byte : bytes_) byte.clean = byte.clean || byte.path == path;
    if (at_read_behind_sync_) at_read_ = std::exchange(at_read_behind_sync_, nullptr);
    return 0;
}

void Disk::read() {
    std::unique_lock lock(mutex_);
    const auto what = std::exchange(at_read_, nullptr);
    lock.unlock();
    if (what) what();
}

void Disk::write(const std::string& path, std::uint64_t offset, std::uint64_t length) {
    const std::lock_guard lock(mutex_);
    std::erase_if(bytes_, [&](const Byte& byte) { return byte.clean && byte.lies_in(path, offset, length); });
}

void Disk::forget(const std::string& path, std::uint64_t offset, std::uint64_t length) {
    const std::lock_guard lock(mutex_);
    std::erase_if(bytes_, [&](const Byte& byte) {
        if (!byte.clean || !byte.lies_in(path, offset, length)) return false;
        std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(static_cast<std::streamoff>(byte.offset)).put(byte.value);
        return true;
    });
}

bool is_synced_by(const std::string& path, const std::function<void()>& what) {
    bool synced = false;
    disk.before_sync_of_other = [&](const std::string& other) {
        synced = synced || other == path;
        return 0;
    };
    what();
    disk.before_sync_of_other = nullptr;
    return synced;
}

}  // namespace popkeep::test

using popkeep::test::disk;
using popkeep::test::mbox_at;
using popkeep::test::sync_at;

extern "C" int fdatasync(int fd) {
    if (const int error_number = sync_at(fd)) {
        errno = error_number;
        return -1;
    }
    return static_cast<int>(syscall(SYS_fdatasync, fd));
}

extern "C" int fsync(int fd) {
    if (const int error_number = sync_at(fd)) {
        errno = error_number;
        return -1;
    }
    return static_cast<int>(syscall(SYS_fsync, fd));
}

extern "C" int ftruncate(int fd, off_t length) noexcept {
    const auto what = mbox_at(fd) ? disk.before_truncate : nullptr;
    if (const int error_number = what ? what() : 0) {
        errno = error_number;
        return -1;
    }
    return static_cast<int>(syscall(SYS_ftruncate, fd, length));
}

extern "C" ssize_t pread(int fd, void* buffer, std::size_t size, off_t offset) {
    if (mbox_at(fd)) disk.read();
    return syscall(SYS_pread64, fd, buffer, size, offset);
}

extern "C" ssize_t pwritev(int fd, const iovec* pieces, int count, off_t offset) {
    const ssize_t written = syscall(SYS_pwritev, fd, pieces, count, offset, 0);
    const auto path = mbox_at(fd);
    if (path && written > 0)
        disk.write(*path, static_cast<std::uint64_t>(offset), static_cast<std::uint64_t>(written));
    return written;
}

extern "C" int posix_fadvise(int fd, off_t offset, off_t length, int advice) noexcept {
    const auto path = mbox_at(fd);
    if (path && advice == POSIX_FADV_DONTNEED)
        disk.forget(*path, static_cast<std::uint64_t>(offset), static_cast<std::uint64_t>(length));
    return syscall(SYS_fadvise64, fd, offset, length, advice) == 0 ? 0 : errno;
}
