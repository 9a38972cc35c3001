#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <filesystem>

#include "base/error.hpp"
#include "file/directory.hpp"
#include "file/durable.hpp"
#include "file/temporary.hpp"

namespace popkeep::file {
void replace(const std::string& path, std::string_view content, mode_t mode) {
    try {
        remove_leftovers_of(path);
    } catch (const SystemError&) {  // NOLINT(bugprone-empty-catch): is no reason not to write
    }
    const std::string folder = parent_of(path);
    Temporary temporary(folder, std::filesystem::path(path).filename().string());
    if (fchmod(temporary.fd().get(), mode) != 0) throw system_error(errno, "set the mode of", path);
    write_at(temporary.fd(), 0, std::span(&content, 1), path);
    sync_content(temporary.fd(), path);
    temporary.become(path);
    sync_directory(folder);
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
