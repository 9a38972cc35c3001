#include "archive/adopt.hpp"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

#include "archive/open_mbox.hpp"
#include "archive/rescan.hpp"
#include "file/durable.hpp"

namespace popkeep::archive {
namespace {

namespace fs = std::filesystem;

bool begins_like_mbox(const std::string& path) {
    const file::Fd fd = file::open_if_there(path, O_RDONLY);
    std::array<char, 5> start{};
    return fd && file::read_at(fd, 0, start, path) == start.size() &&
           std::string_view(start.data(), start.size()) == "From ";
}

}  // namespace

std::vector<std::string> unknown_mboxes(Archive& archive) {
    std::vector<std::string> paths;
    // A folder that isn't ours to read ("lost+found") holds no mail of ours.
    constexpr auto options = fs::directory_options::skip_permission_denied;
    for (auto entry = fs::recursive_directory_iterator(archive.directory(), options);
         entry != fs::recursive_directory_iterator(); ++entry) {
        const std::string name = entry->path().filename().string();
        if (name.starts_with('.')) {
            entry.disable_recursion_pending();
            continue;
        }
        if (!entry->is_regular_file() || entry->is_symlink() || name.ends_with(".lock")) continue;
        std::string relative = entry->path().lexically_relative(archive.directory()).string();
        if (!archive.ledger().mboxes.find(relative) && begins_like_mbox(entry->path().string()))
            paths.push_back(std::move(relative));
    }
    std::ranges::sort(paths);
    return paths;
}

std::uint64_t adopt_mboxes(Archive& archive) {
    std::uint64_t adopted = 0;
    for (const std::string& path : unknown_mboxes(archive)) {
        if (auto mbox = open_mbox(archive, path, false)) adopted += rescan(archive, *mbox, 0).adopted;
    }
    return adopted;
}

}  // namespace popkeep::archive
