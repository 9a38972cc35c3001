#include "pop3/listing.hpp"

#include <limits>

namespace popkeep::pop3 {

std::uint64_t Listing::octets() const {
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t sum = 0;
    for (const auto& message : messages) {
        const auto octets = message.octets.value_or(0);
        sum = octets > most - sum ? most : sum + octets;
    }
    return sum;
}

}  // namespace popkeep::pop3
