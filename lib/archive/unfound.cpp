#include "archive/unfound.hpp"

#include <algorithm>
#include <filesystem>

#include "archive/layout.hpp"

namespace popkeep::archive {

void unfound(const std::string& directory, bool with_directory) noexcept {
    namespace fs = std::filesystem;
    try {
        const auto others = [](const fs::directory_entry& entry) {
            return entry.path().filename() != layout::private_folder;
        };
        if (std::any_of(fs::directory_iterator(directory), fs::directory_iterator(), others)) return;
        fs::remove_all(fs::path(directory) / layout::private_folder);
        if (with_directory) fs::remove(directory);
    } catch (const std::exception&) {
        return;
    }
}

}  // namespace popkeep::archive
