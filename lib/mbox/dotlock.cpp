#include "mbox/dotlock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <lockfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "file/fd.hpp"

namespace popkeep::mbox {
namespace {

constexpr std::int64_t stale_after = 300;

bool same_file(const struct stat& a, const struct stat& b) {
    return file::Identity(a) == file::Identity(b) && a.st_mtim.tv_sec == b.st_mtim.tv_sec &&
           a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

[[noreturn]] void fail(int error_number, const std::string& lock) {
    SystemError error = system_error(error_number, "create the lock file", lock);
    if (error_number == ENAMETOOLONG) error.next("move the archive to a shorter path or rename the mbox");
    throw error;
}

// Those of this process that it could not remove. They hold nothing any more, and their process lives.
std::vector<file::Identity>& left_behind() {
    static std::vector<file::Identity> all;
    return all;
}

bool is_left_behind(const struct stat& status) {
    const auto& all = left_behind();
    return std::ranges::find(all, file::Identity(status)) != all.end();
}

std::optional<struct stat> status_of(const std::string& lock) {
    struct stat status {};
    if (lstat(lock.c_str(), &status) == 0) return status;
    if (errno != ENOENT) fail(errno, lock);
    return std::nullopt;
}

// What it says. One that can't be read says nothing.
Holder content_of(const std::string& lock) {
    const file::Fd fd(open(lock.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
    if (!fd) return {};
    std::array<char, 300> content{};
    const ssize_t got = read(fd.get(), content.data(), content.size());
    return got > 0 ? Holder::read({content.data(), static_cast<std::size_t>(got)}) : Holder();
}

// Asked while the mbox itself is locked by us, of a lock that wasn't there before: then no other process can
// have written our number, and one thread takes locks.
bool is_ours(const std::string& lock) {
    const Holder holder = content_of(lock);
    return holder.pid == getpid() && holder.host.empty();
}

bool is_stale(const Holder& holder, const Dotlock::IsOurDead& is_our_dead) {
    if (holder.pid > 0 && holder.may_be_here() && is_our_dead && is_our_dead(holder.pid)) return true;
    return !holder.alive_here() && now() - holder.since.value_or(now()) > stale_after;
}

// True if no lock file is there, or none any more.
bool is_free(const std::string& lock, const Dotlock::IsOurDead& is_our_dead, Holder& holder) {
    const auto status = status_of(lock);
    if (!status) return true;
    holder = content_of(lock);
    holder.since = status->st_mtim.tv_sec;
    if (!S_ISREG(status->st_mode)) return false;
    if (!is_left_behind(*status) && !is_stale(holder, is_our_dead)) return false;
    // Another program may have done the same meanwhile and have the lock by now.
    const auto again = status_of(lock);
    if (again && same_file(*status, *again) && unlink(lock.c_str()) != 0 && errno != ENOENT)
        fail(errno, lock);
    return true;
}

// Where there are no hard links (FAT), liblockfile can't do its work. An exclusive open can.
bool create_without_link(const std::string& lock) {
    const file::Fd fd(open(lock.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    if (!fd && errno == EEXIST) return false;
    if (!fd) fail(errno, lock);
    const std::string content = fmt::format("{}\n", getpid());
    if (write(fd.get(), content.data(), content.size()) == static_cast<ssize_t>(content.size())) return true;
    const int error_number = errno;
    unlink(lock.c_str());
    fail(error_number, lock);
}

// liblockfile removes a lock whose process it can't see here, so it is called only when no lock is there.
// (What remains is another host's lock that comes into being in the same microseconds. Programs that lock by
// fcntl as well are excluded even then.)
bool create(const std::string& lock) {
    const int result = lockfile_create(lock.c_str(), 0, L_PID);
    const int error_number = errno;
    if (result == L_SUCCESS) return true;
    if (result == L_MAXTRYS) {
        // It made the lock and couldn't look at it: to wait for that one would be to wait for ourselves.
        if (is_ours(lock)) fail(EIO, lock);
        return !status_of(lock) && create_without_link(lock);
    }
    // Left by a process of our number that was killed: the name changes with the time.
    if (result == L_TMPLOCK && error_number == EEXIST) return false;
    fail(error_number, lock);
}

}  // namespace

std::optional<Dotlock> Dotlock::attempt(const std::string& path, const IsOurDead& is_our_dead,
                                        Holder& holder) {
    const std::string lock = path + ".lock";
    if (!is_free(lock, is_our_dead, holder)) return std::nullopt;
    holder = {};
    try {
        if (!create(lock)) return std::nullopt;
        return Dotlock(lock);
    } catch (const Error&) {
        if (is_ours(lock)) unlink(lock.c_str());
        throw;
    }
}

Dotlock::Dotlock(std::string path) : path_(std::move(path)) {
    if (const auto status = status_of(path_)) identity_.emplace(*status);
}

Dotlock::Dotlock(Dotlock&& other) noexcept
    : path_(std::move(other.path_)), identity_(std::exchange(other.identity_, std::nullopt)) {}

Dotlock::~Dotlock() {
    if (!identity_) return;
    const auto identity = file::identity_at(path_);
    if (identity ? identity != identity_ : !is_ours(path_)) return;
    if (lockfile_remove(path_.c_str()) != 0) left_behind().push_back(*identity_);
}

}  // namespace popkeep::mbox
