#include "mbox/find_from.hpp"

#include "base/wide.hpp"

namespace popkeep::mbox {

POPKEEP_WIDE std::size_t find_from(std::string_view bytes, std::size_t at) noexcept {
    // An 'F' and four bytes on a ' ': hardly ever in base64 or HTML. The fixed count becomes vector code.
    constexpr std::size_t block = 64;
    constexpr std::size_t reach = from.size() - 1;
    for (; at + block + reach <= bytes.size(); at += block) {
        const char* const here = bytes.data() + at;
        unsigned char any = 0;
        for (std::size_t i = 0; i < block; ++i) {
            const int first = here[i] == from.front() ? 1 : 0;
            const int last = here[i + reach] == from.back() ? 1 : 0;
            any = static_cast<unsigned char>(any | (first & last));
        }
        if (any == 0) continue;
        const std::size_t hit = bytes.substr(at, block + reach).find(from);
        if (hit != std::string_view::npos) return at + hit;
    }
    return bytes.find(from, at);
}

}  // namespace popkeep::mbox
