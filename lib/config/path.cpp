#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/host.hpp"
#include "config/values.hpp"
#include "secret/home.hpp"

namespace popkeep::config {

std::string parse_path(std::string_view text, std::string_view base) {
    const auto refuse = [&](std::string_view why) {
        throw Error(Category::usage, fmt::format("'{}' is not a usable path: {}", printable(text, 80), why));
    };
    if (text.empty()) refuse("it is empty");
    if (text.size() > 4096) refuse("it is longer than 4,096 bytes");
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) refuse("it holds control characters");
    }
    std::string whole(text);
    if (text == "~" || text.starts_with("~/")) {
        const std::string home = secret::home_folder();
        if (home.empty()) refuse("'~' is unknown, since HOME isn't set");
        whole = home + std::string(text.substr(1));
    } else if (text.starts_with('~')) {
        refuse("'~' stands for your own home folder only; write ./~ for a name that begins with it");
    } else if (!text.starts_with('/')) {
        whole = fmt::format("{}/{}", base, text);
    }
    std::string out;
    for (const std::string_view part : split(whole, '/')) {
        // ".." stays: behind a symbolic link it isn't the folder before it.
        if (part.empty() || part == ".") continue;
        out += '/';
        out += part;
    }
    return out.empty() ? "/" : out;
}

}  // namespace popkeep::config
