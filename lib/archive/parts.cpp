#include "archive/parts.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <string_view>

#include "base/text.hpp"

namespace popkeep::archive {
namespace {

// "a/me.2.mbox" is { "a/me", 2, ".mbox" }.
struct Parts {
    std::string stem;
    std::uint64_t number = 1;
    std::string extension;
};

Parts taken_apart(const std::string& file) {
    const std::size_t name = file.rfind('/') + 1;  // npos + 1 is 0
    const std::size_t dot = file.rfind('.');
    Parts parts{.stem = file, .number = 1, .extension = {}};
    if (dot != std::string::npos && dot > name) {
        parts.stem = file.substr(0, dot);
        parts.extension = file.substr(dot);
    }
    const std::size_t before = parts.stem.rfind('.');
    if (before == std::string::npos || before <= name) return parts;
    if (const auto number = parse_number(std::string_view(parts.stem).substr(before + 1));
        number && *number >= 2) {
        parts.number = *number;
        parts.stem.resize(before);
    }
    return parts;
}

}  // namespace

std::string next_part(const std::string& file) {
    const Parts parts = taken_apart(file);
    return fmt::format("{}.{}{}", parts.stem, parts.number + 1, parts.extension);
}

std::string newest_part(Archive& archive, const std::string& file) {
    std::string newest = file;
    for (std::string next = next_part(file); archive.ledger().mboxes.find(next); next = next_part(next))
        newest = next;
    return newest;
}

}  // namespace popkeep::archive
