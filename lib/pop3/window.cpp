#include "pop3/window.hpp"

#include <algorithm>

namespace popkeep::pop3 {
namespace {

constexpr std::uint64_t most_weight = 64 << 20;
constexpr std::uint64_t unknown_octets = 64 << 10;
constexpr std::size_t most_commands = 1'000;
constexpr std::size_t most_text = 16 << 10;

/// A size as it counts here: one beyond the window fills it, whatever the server claims.
std::uint64_t weight(std::optional<std::uint64_t> octets) {
    return std::min(octets.value_or(unknown_octets), most_weight);
}

}  // namespace

bool Window::has_room(std::optional<std::uint64_t> octets, std::size_t text) const {
    if (outstanding_.empty()) return true;
    return !lockstep_ && outstanding_.size() < most_commands && text_ + text <= most_text &&
           octets_ + weight(octets) <= most_weight;
}

void Window::asked(std::optional<std::uint64_t> octets, std::size_t text) {
    outstanding_.push_back({weight(octets), text});
    octets_ += weight(octets);
    text_ += text;
}

void Window::answered() {
    octets_ -= outstanding_.front().octets;
    text_ -= outstanding_.front().text;
    outstanding_.pop_front();
}

}  // namespace popkeep::pop3
