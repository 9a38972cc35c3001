#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace popkeep::fuzz {

/// Takes bytes off the front of an input: what a target decides by them.
inline unsigned take_byte(std::string_view& input) {
    if (input.empty()) return 0;
    const auto byte = static_cast<unsigned char>(input.front());
    input.remove_prefix(1);
    return byte;
}

/// `text` in pieces whose lengths, 0 to 15, follow from `seed`.
inline std::vector<std::string_view> pieces_of(std::string_view text, unsigned seed) {
    std::vector<std::string_view> pieces;
    while (!text.empty()) {
        seed = seed * 1103515245U + 12345U;
        const std::size_t length = std::min<std::size_t>((seed >> 16U) % 16U, text.size());
        pieces.push_back(text.substr(0, length));
        text.remove_prefix(length);
    }
    return pieces;
}

}  // namespace popkeep::fuzz
