#include "archive/unfound.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "archive/layout.hpp"

namespace popkeep::archive {
namespace {

namespace fs = std::filesystem;

}  // namespace

void take_into_use(const std::string& directory) {
    unlink((fs::path(directory) / layout::private_folder / layout::newborn).c_str());
}

void unfound(const std::string& directory, bool with_directory) noexcept {
    try {
        const auto others = [](const fs::directory_entry& entry) {
            return entry.path().filename() != layout::private_folder;
        };
        if (std::any_of(fs::directory_iterator(directory), fs::directory_iterator(), others)) return;
        const fs::path folder = fs::path(directory) / layout::private_folder;
        const fs::path aside = fs::path(directory) / layout::unfounded;
        if (!fs::exists(folder / layout::newborn)) return;
        // Under its own name another run could take it into use between the look at it and its end.
        fs::rename(folder, aside);
        if (!fs::exists(aside / layout::newborn)) return fs::rename(aside, folder);
        fs::remove_all(aside);
        if (with_directory) fs::remove(directory);
    } catch (const std::exception&) {
        return;
    }
}

}  // namespace popkeep::archive
