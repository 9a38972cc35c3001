#include "pop3/mask.hpp"

#include <algorithm>

#include "base/base64.hpp"

namespace popkeep::pop3 {
namespace {

constexpr std::string_view mask = "****";
constexpr std::string_view base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// SASL sends the secret in the midst of others' words.
bool hides(std::string_view word, std::string_view secret) {
    if (word.size() < secret.size() / 3 * 4) return false;
    std::string padded(word);
    if (padded.size() % 4 == 1) padded.pop_back();
    while (padded.size() % 4 != 0) padded += '=';
    const auto decoded = base64_decoded(padded);
    return decoded && decoded->find(secret) != std::string::npos;
}

}  // namespace

std::string masked(std::string_view text, std::string_view secret) {
    std::string out(text);
    if (secret.size() < 4) return out;
    for (std::size_t at = 0; (at = out.find(secret, at)) != std::string::npos; at += mask.size())
        out.replace(at, secret.size(), mask);
    for (std::size_t at = 0; (at = out.find_first_of(base64_digits, at)) != std::string::npos;) {
        const std::size_t end = std::min(out.find_first_not_of(base64_digits, at), out.size());
        const bool hidden = hides(std::string_view(out).substr(at, end - at), secret);
        if (hidden) out.replace(at, end - at, mask);
        at = hidden ? at + mask.size() : end;
    }
    return out;
}

}  // namespace popkeep::pop3
