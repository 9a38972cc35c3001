#include "file/directory.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>

#include "base/error.hpp"
#include "base/text.hpp"
#include "file/fd.hpp"

namespace popkeep::file {
namespace {

void sync(const Fd& folder, const std::string& path) {
    if (fsync(folder.get()) == 0) return;
    // Some network file systems have no such call for folders: their servers write names at once.
    if (errno != EINVAL && errno != EOPNOTSUPP) throw system_error(errno, "sync the folder", path);
}

Fd open_folder(const std::string& path) {
    Fd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd) throw system_error(errno, "open the folder", path);
    return fd;
}

Error leads_out(const std::string& path) {
    return Error(Category::data, "the path leads out of the archive").at(path);
}

Error no_folder(const std::string& path) {
    return Error(Category::data, "this is not a folder, or a symbolic link to one").at(path);
}

Fd enter(const Fd& parent, const std::string& name, const std::string& path) {
    if (mkdirat(parent.get(), name.c_str(), 0700) != 0 && errno != EEXIST) {
        throw system_error(errno, "make the folder", path);
    }
    Fd fd(openat(parent.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!fd && (errno == ELOOP || errno == ENOTDIR)) {
        throw no_folder(path);
    }
    if (!fd) throw system_error(errno, "open the folder", path);
    return fd;
}

}  // namespace

void sync_directory(const std::string& path) {
    sync(open_folder(path), path);
}

void make_directories(const std::string& root, const std::string& relative) {
    Fd folder = open_folder(root);
    std::string path = root;
    for (const std::string_view part : split(relative, '/')) {
        if (part.empty() || part == ".") continue;
        if (part == "..") throw leads_out(relative);
        const std::string parent_path = path;
        path.append("/").append(part);
        Fd next = enter(folder, std::string(part), path);
        // Also if it was there: a run that was killed may have made it and not come to this.
        sync(folder, parent_path);
        folder = std::move(next);
    }
}

void must_stay_below(const std::string& root, const std::string& relative) {
    const auto parts = split(relative, '/');
    if (relative.starts_with('/') || std::ranges::find(parts, "..") != parts.end()) throw leads_out(relative);
    std::string path = root;
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
        path.append("/").append(parts[i]);
        struct stat status {};
        if (lstat(path.c_str(), &status) == 0 && !S_ISDIR(status.st_mode)) throw no_folder(path);
    }
}

std::uint64_t free_space(const std::string& path) {
    struct statvfs status {};
    if (statvfs(path.c_str(), &status) != 0) throw system_error(errno, "ask for the free space of", path);
    return static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
}

std::uint64_t longest_file() {
    rlimit limit{};
    if (getrlimit(RLIMIT_FSIZE, &limit) != 0)
        throw SystemError(errno, "cannot ask for the limit on the size of files");
    return limit.rlim_cur == RLIM_INFINITY ? std::numeric_limits<std::uint64_t>::max() : limit.rlim_cur;
}

bool on_network(const std::string& path) {
    struct statfs status {};
    if (statfs(path.c_str(), &status) != 0) throw system_error(errno, "ask for the file system of", path);
    constexpr std::array<std::uint32_t, 10> magic{
        0x6969,      // NFS
        0x517B,      // SMB
        0xFF534D42,  // CIFS
        0xFE534D42,  // SMB2
        0x01021997,  // 9p
        0x65735546,  // FUSE: sshfs and the like; a local one loses only speed
        0x00C36400,  // Ceph
        0x5346414F,  // AFS
        0x73757245,  // Coda
        0x564C,      // NCP
    };
    return std::ranges::find(magic, static_cast<std::uint32_t>(status.f_type)) != magic.end();
}

std::string parent_of(const std::string& path) {
    const std::size_t last = path.find_last_not_of('/');
    if (last == std::string::npos) return path.empty() ? "." : "/";
    const std::size_t slash = path.rfind('/', last);
    if (slash == std::string::npos) return ".";
    const std::size_t end = path.find_last_not_of('/', slash);
    return end == std::string::npos ? "/" : path.substr(0, end + 1);
}

}  // namespace popkeep::file
