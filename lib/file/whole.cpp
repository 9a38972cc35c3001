#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <optional>

#include "base/error.hpp"
#include "file/directory.hpp"
#include "file/durable.hpp"
#include "file/temporary.hpp"

namespace popkeep::file {
namespace {

struct Owner {
    uid_t user;
    gid_t group;
};

void replace_as(const std::string& path, std::string_view content, mode_t mode, std::optional<Owner> owner) {
    try {
        remove_leftovers_of(path);
    } catch (const SystemError&) {  // NOLINT(bugprone-empty-catch): is no reason not to write
    }
    const std::string folder = parent_of(path);
    Temporary temporary(folder, std::filesystem::path(path).filename().string());
    const int fd = temporary.fd().get();
    if (owner && fchown(fd, owner->user, owner->group) != 0)
        throw system_error(errno, "set the owner of", path);
    if (fchmod(fd, mode) != 0) throw system_error(errno, "set the mode of", path);
    write_at(temporary.fd(), 0, std::span(&content, 1), path);
    sync_content(temporary.fd(), path);
    temporary.become(path);
    sync_directory(folder);
}

}  // namespace

void replace(const std::string& path, std::string_view content, mode_t mode) {
    replace_as(path, content, mode, std::nullopt);
}

void rewrite(const std::string& path, std::string_view content) {
    struct stat old {};
    if (stat(path.c_str(), &old) != 0) throw system_error(errno, "look at", path);
    std::optional<Owner> owner;
    if (old.st_uid != geteuid()) owner = {old.st_uid, old.st_gid};
    replace_as(path, content, old.st_mode & 07777U, owner);
}

std::string read_whole(const std::string& path, std::size_t limit) {
    const Fd fd = open_regular(path, O_RDONLY);
    std::string content;
    std::array<char, 16384> block{};
    while (const std::size_t got = read_at(fd, content.size(), block, path)) {
        content.append(block.data(), got);
        if (content.size() > limit)
            throw Error(Category::data, "the file is far too big for what it is").at(path);
    }
    return content;
}

}  // namespace popkeep::file
