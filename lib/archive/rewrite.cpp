#include "archive/rewrite.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "file/directory.hpp"
#include "file/durable.hpp"

namespace popkeep::archive {
namespace {

constexpr std::uint64_t copied_at_once = 256 << 10;

void each_block(const file::Fd& fd, const std::string& path, std::uint64_t offset, std::uint64_t length,
                const std::function<void(std::uint64_t offset, std::string_view bytes)>& visit) {
    std::vector<char> buffer(copied_at_once);
    while (length > 0) {
        const std::size_t got =
            file::read_at(fd, offset, {buffer.data(), std::min<std::uint64_t>(copied_at_once, length)}, path);
        if (got == 0) throw Error(Category::io, "the file became shorter while it was read").at(path);
        visit(offset, {buffer.data(), got});
        offset += got;
        length -= got;
    }
}

}  // namespace

void rewrite_in_place(const file::Fd& fd, const std::string& path, std::uint64_t offset,
                      std::uint64_t length) {
    each_block(fd, path, offset, length, [&](std::uint64_t at, std::string_view bytes) {
        file::write_at(fd, at, {&bytes, 1}, path);
    });
}

std::string set_aside(const file::Fd& fd, const std::string& path, std::uint64_t offset, std::uint64_t length,
                      const std::string& folder, const std::string& name) {
    file::make_directories(file::parent_of(folder), folder.substr(folder.rfind('/') + 1));
    std::string target = folder + "/" + name;
    for (int twin = 2; file::open_if_there(target, O_RDONLY); ++twin)
        target = fmt::format("{}/{}-{}", folder, name, twin);
    const file::Fd copy = file::open_regular(target, O_RDWR | O_CREAT | O_EXCL);
    try {
        each_block(fd, path, offset, length, [&](std::uint64_t at, std::string_view bytes) {
            file::write_at(copy, at - offset, {&bytes, 1}, target);
        });
        file::sync_content(copy, target);
    } catch (...) {
        // Each run makes another one: on a full disk they would take whatever becomes free.
        unlink(target.c_str());
        throw;
    }
    file::sync_directory(folder);
    return target;
}

}  // namespace popkeep::archive
