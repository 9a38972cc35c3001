#include "sasl/token_exchange.hpp"

#include <fmt/format.h>

#include <utility>

namespace popkeep::sasl {
namespace {

// RFC 5801 section 4: what would end the name within the GS2 header.
std::string gs2_name(std::string_view name) {
    std::string escaped;
    for (const char c : name) {
        if (c == ',' || c == '=') {
            escaped += c == ',' ? "=2C" : "=3D";
        } else {
            escaped += c;
        }
    }
    return escaped;
}

constexpr char separator = '\x01';

}  // namespace

std::string TokenExchange::answer(std::string_view challenge) {
    if (std::exchange(sent_, true)) {
        complaint_ = challenge.empty() ? "{}" : std::string(challenge);
        return bearer_ ? std::string(1, separator) : std::string();
    }
    const auto& [user, token, host, port] = identity_;
    if (bearer_)
        return fmt::format("n,a={},{}host={}{}port={}{}auth=Bearer {}{}{}", gs2_name(user), separator, host,
                           separator, port, separator, token, separator, separator);
    return fmt::format("user={}{}auth=Bearer {}{}{}", user, separator, token, separator, separator);
}

}  // namespace popkeep::sasl
