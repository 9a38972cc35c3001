#include "archive/adopt.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <string_view>

#include "archive/open_mbox.hpp"
#include "archive/parts.hpp"
#include "archive/rescan.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
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

bool is_mbox(const std::string& path) {
    struct stat facts {};
    if (lstat(path.c_str(), &facts) != 0) {
        if (errno == ENOENT || errno == EACCES) return false;
        // Passed over, its messages would be fetched again.
        throw system_error(errno, "look at", path);
    }
    return S_ISREG(facts.st_mode) && begins_like_mbox(path);
}

void adopt_later_mbox(Archive& archive, const std::string& file) {
    auto mbox = open_mbox(archive, file, false);
    // Another run may have entered it, or begun it, meanwhile.
    if (!mbox || mbox->row.size > 0 || !archive.ledger().messages.prepared_ids_in(mbox->row.id).empty())
        return;
    const Rescanned result = rescan(archive, *mbox, 0);
    archive.warn(
        fmt::format("{}: the ledger didn't know this mbox (was it restored from a backup?); {} of it were "
                    "entered, and are recognised if the server lists them",
                    file, counted_messages(result.found_again + result.adopted)));
}

}  // namespace

std::vector<std::string> mboxes_in(const std::string& directory,
                                   const std::function<bool(const std::string& relative)>& is_known) try {
    std::vector<std::string> paths;
    // A folder that isn't ours to read ("lost+found") holds no mail of ours.
    constexpr auto options = fs::directory_options::skip_permission_denied;
    for (auto entry = fs::recursive_directory_iterator(directory, options);
         entry != fs::recursive_directory_iterator(); ++entry) {
        const std::string name = entry->path().filename().string();
        if (name.starts_with('.')) {
            entry.disable_recursion_pending();
            continue;
        }
        if (name.ends_with(".lock")) continue;
        std::string relative = entry->path().lexically_relative(directory).string();
        if (!is_known(relative) && is_mbox(entry->path().string())) paths.push_back(std::move(relative));
    }
    std::ranges::sort(paths);
    return paths;
} catch (const fs::filesystem_error& error) {
    throw system_error(error.code().value(), "look through the folder", error.path1().string());
}

std::vector<std::string> unknown_mboxes(Archive& archive) {
    return mboxes_in(archive.directory(), [&](const std::string& relative) {
        return archive.ledger().mboxes.find(relative).has_value();
    });
}

std::uint64_t adopt_mboxes(Archive& archive) {
    std::uint64_t adopted = 0;
    for (const std::string& path : unknown_mboxes(archive)) {
        if (auto mbox = open_mbox(archive, path, false)) adopted += rescan(archive, *mbox, 0).adopted;
    }
    return adopted;
}

void adopt_later_mboxes(Archive& archive, std::span<const std::string> files) {
    ledger::Mboxes& mboxes = archive.ledger().mboxes;
    if (!mboxes.any()) {
        for (const std::string& path : unknown_mboxes(archive)) adopt_later_mbox(archive, path);
        return;
    }
    for (const std::string& first : files) {
        for (std::uint64_t part = 1;; ++part) {
            const std::string file = part_of(first, part);
            if (mboxes.find(file)) continue;
            if (!is_mbox(archive.path_of(file))) break;
            adopt_later_mbox(archive, file);
        }
    }
}

}  // namespace popkeep::archive
