#include "pop3/mask.hpp"

namespace popkeep::pop3 {

std::string masked(std::string_view text, std::string_view secret) {
    constexpr std::string_view mask = "****";
    std::string out(text);
    if (secret.size() < 4) return out;
    for (std::size_t at = 0; (at = out.find(secret, at)) != std::string::npos; at += mask.size())
        out.replace(at, secret.size(), mask);
    return out;
}

}  // namespace popkeep::pop3
