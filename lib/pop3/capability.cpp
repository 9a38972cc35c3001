#include "pop3/capability.hpp"

#include "base/text.hpp"

namespace popkeep::pop3 {
namespace {

constexpr std::size_t most_capabilities = 200;
constexpr std::size_t longest_capability = 512;  // RFC 2449 section 3

/// Takes the next word off the front of `line`; empty when there is none.
std::string_view next_word(std::string_view& line) {
    const auto begin = line.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    const auto end = line.find_first_of(" \t", begin);
    const auto word = line.substr(begin, end - begin);
    line.remove_prefix(end == std::string_view::npos ? line.size() : end);
    return word;
}

}  // namespace

void Capabilities::add(std::string_view line) {
    auto rest = line;
    if (lines_.size() >= most_capabilities || line.size() > longest_capability || next_word(rest).empty())
        return;
    lines_.emplace_back(line);
}

bool Capabilities::has(std::string_view keyword) const {
    for (std::string_view line : lines_)
        if (equal_ignoring_case(next_word(line), keyword)) return true;
    return false;
}

std::vector<std::string> Capabilities::arguments(std::string_view keyword) const {
    std::vector<std::string> found;
    for (std::string_view line : lines_) {
        if (!equal_ignoring_case(next_word(line), keyword)) continue;
        for (auto word = next_word(line); !word.empty(); word = next_word(line)) found.emplace_back(word);
    }
    return found;
}

}  // namespace popkeep::pop3
