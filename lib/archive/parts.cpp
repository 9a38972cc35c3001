#include "archive/parts.hpp"

#include <fmt/format.h>

namespace popkeep::archive {

std::string part_of(const std::string& first, std::uint64_t number) {
    if (number == 1) return first;
    const std::size_t name = first.rfind('/') + 1;  // npos + 1 is 0
    const std::size_t dot = first.rfind('.');
    const std::size_t stem = dot != std::string::npos && dot > name ? dot : first.size();
    return fmt::format("{}.{}{}", first.substr(0, stem), number, first.substr(stem));
}

}  // namespace popkeep::archive
