#include "archive/search.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string_view>

#include "file/durable.hpp"

namespace popkeep::archive {
namespace {

namespace fs = std::filesystem;

// Made by mkfs where the archive is the root of a file system, and root's.
constexpr std::string_view made_by_the_file_system = "lost+found";

bool is_denial(int error_number) {
    return error_number == EACCES || error_number == EPERM;
}

// The type in `st_mode`, or nothing if nothing is there any more.
std::optional<mode_t> type_of(const std::string& path) {
    struct stat facts {};
    if (lstat(path.c_str(), &facts) == 0) return facts.st_mode & S_IFMT;
    if (errno == ENOENT) return std::nullopt;
    // Passed over, its messages would be fetched again.
    throw system_error(errno, "look at", path);
}

bool begins_like_mbox(const std::string& path) {
    const file::Fd fd = file::open_if_there(path, O_RDONLY);
    std::array<char, 5> start{};
    return fd && file::read_at(fd, 0, start, path) == start.size() &&
           std::string_view(start.data(), start.size()) == "From ";
}

class Search {
  public:
    using IsKnown = std::function<bool(const std::string&)>;

    Search(const std::string& root, const IsKnown& is_known, const Denied& denied)
        : root_(root), is_known_(is_known), denied_(denied) {}

    std::vector<std::string> run() {
        while (!folders_.empty()) {
            const std::string folder = std::move(folders_.back());
            folders_.pop_back();
            unless_denied(folder, "look through the folder", [&] { look_through(folder); });
        }
        std::ranges::sort(found_);
        return std::move(found_);
    }

  private:
    std::string path_of(const std::string& relative) const {
        return relative.empty() ? root_ : fmt::format("{}/{}", root_, relative);
    }

    template <class Look>
    void unless_denied(const std::string& relative, std::string_view doing, const Look& look) {
        try {
            look();
        } catch (const SystemError& error) {
            if (!is_denial(error.number())) throw;
            if (relative == made_by_the_file_system) return;
            Error why(Category::permission, fmt::format("cannot {}", doing));
            why.at(path_of(relative)).said(error.said());
            why.next(relative.empty()
                         ? "make it readable, then run again"
                         : "there may be mail in it: make it readable or move it out of the archive");
            denied_(relative, why);
        }
    }

    void look_through(const std::string& folder) {
        std::error_code problem;
        fs::directory_iterator entry(path_of(folder), problem);
        for (; !problem && entry != fs::directory_iterator(); entry.increment(problem)) {
            const std::string name = entry->path().filename().string();
            if (!name.starts_with('.')) look_at(folder.empty() ? name : fmt::format("{}/{}", folder, name));
        }
        if (problem) throw system_error(problem.value(), "look through the folder", path_of(folder));
    }

    void look_at(const std::string& relative) {
        const auto type = type_of(path_of(relative));
        if (type == S_IFDIR) folders_.push_back(relative);
        if (type != S_IFREG || relative.ends_with(".lock") || is_known_(relative)) return;
        unless_denied(relative, "read the file", [&] {
            if (begins_like_mbox(path_of(relative))) found_.push_back(relative);
        });
    }

    const std::string& root_;
    const IsKnown& is_known_;
    const Denied& denied_;
    std::vector<std::string> folders_{""}, found_;
};

}  // namespace

void refuse(const std::string& /*relative*/, const Error& why) {
    throw Error(why);
}

std::vector<std::string> mboxes_in(const std::string& directory,
                                   const std::function<bool(const std::string& relative)>& is_known,
                                   const Denied& denied) {
    return Search(directory, is_known, denied).run();
}

bool is_mbox(const std::string& path) {
    return type_of(path) == S_IFREG && begins_like_mbox(path);
}

}  // namespace popkeep::archive
