#include "file/temporary.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "base/error.hpp"
#include "file/directory.hpp"

namespace popkeep::file {
namespace {

namespace fs = std::filesystem;

// A temporary name is ".NAME.popkeep-XXXXXX", and within what file systems take.
constexpr std::string_view mark = ".popkeep-";
constexpr std::string_view drawn = "XXXXXX";
constexpr std::size_t longest = 200;

std::string_view beginning(std::string_view name) {
    return name.substr(0, longest);
}

// Of a temporary name; nothing if it is none.
std::string_view final_name(std::string_view name) {
    const std::size_t end = mark.size() + drawn.size();
    if (!name.starts_with('.') || name.size() < 1 + end) return {};
    const std::string_view tail = name.substr(name.size() - end);
    return tail.starts_with(mark) ? name.substr(1, name.size() - 1 - end) : std::string_view();
}

// Its process holds a lock on it as long as it lives. Without a lock nothing is known.
bool remove_if_left(const std::string& path) {
    const Fd fd(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK));
    if (!fd || flock(fd.get(), LOCK_EX | LOCK_NB) != 0) return false;
    if (unlink(path.c_str()) == 0) return true;
    if (errno == ENOENT) return false;
    throw system_error(errno, "remove", path);
}

}  // namespace

Temporary::Temporary(const std::string& folder, std::string_view name) {
    do {
        path_ = fmt::format("{}/.{}{}{}", folder, beginning(name), mark, drawn);
        fd_ = Fd(mkostemp(path_.data(), O_CLOEXEC));
        if (!fd_) throw system_error(errno, "create a file in", folder);
    } while (!is_ours());
}

Temporary::~Temporary() {
    if (!path_.empty()) unlink(path_.c_str());
}

// Between being made and being locked it looks like one that was left.
bool Temporary::is_ours() const {
    if (flock(fd_.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) return false;
    struct stat status {};
    return fstat(fd_.get(), &status) != 0 || status.st_nlink > 0;
}

void Temporary::become(const std::string& path) {
    if (rename(path_.c_str(), path.c_str()) != 0) throw system_error(errno, "replace", path);
    path_.clear();
}

bool remove_leftovers(const std::string& folder, const std::function<bool(std::string_view name)>& such) {
    bool any = false;
    std::error_code problem;
    for (fs::directory_iterator at(folder, problem), end; !problem && at != end; at.increment(problem)) {
        const std::string name = at->path().filename().string();
        const std::string_view meant = final_name(name);
        std::error_code gone;
        if (meant.empty() || !such(meant) || !fs::is_regular_file(at->symlink_status(gone))) continue;
        any = remove_if_left(at->path().string()) || any;
    }
    if (problem) throw system_error(problem.value(), "read the folder", folder);
    return any;
}

bool remove_leftovers_of(const std::string& path) {
    const std::string own = fs::path(path).filename().string();
    return remove_leftovers(parent_of(path), [&](std::string_view name) { return name == beginning(own); });
}

}  // namespace popkeep::file
