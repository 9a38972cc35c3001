#include "fuzz/sasl_proof.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/base64.hpp"
#include "base/text.hpp"

namespace popkeep::fuzz {
namespace {

using sasl::Identity;
using sasl::Mechanism;

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string hmac(const EVP_MD* hash, std::string_view key, std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned size = 0;
    HMAC(hash, key.data(), static_cast<int>(key.size()), bytes_of(text), text.size(), out.data(), &size);
    return {out.begin(), out.begin() + size};
}

std::string md5(std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), out.data(), &size, EVP_md5(), nullptr);
    return {out.begin(), out.begin() + size};
}

std::string hex(std::string_view bytes) {
    std::string out;
    for (const char c : bytes) {
        const unsigned byte = static_cast<unsigned char>(c);
        for (const unsigned digit : {byte >> 4U, byte & 15U}) out += "0123456789abcdef"[digit];
    }
    return out;
}

std::string scram(const EVP_MD* hash, const Identity& identity, const Talk& talk) {
    if (talk.answers.size() != 2 || !talk.answers[0].starts_with("n,,")) return {};
    const std::string& first = talk.challenges[1];
    const auto salt = base64_decoded(attribute(first, 's'));
    const auto iterations = parse_number(attribute(first, 'i'));
    if (!salt || !iterations || *iterations == 0 || *iterations > many_iterations) return {};
    std::string salted(static_cast<std::size_t>(EVP_MD_get_size(hash)), '\0');
    PKCS5_PBKDF2_HMAC(identity.password.data(), static_cast<int>(identity.password.size()), bytes_of(*salt),
                      static_cast<int>(salt->size()), static_cast<int>(*iterations), hash,
                      static_cast<int>(salted.size()), reinterpret_cast<unsigned char*>(salted.data()));
    const std::string auth_message = talk.answers[0].substr(3) + "," + first + "," +
                                     talk.answers[1].substr(0, talk.answers[1].rfind(",p="));
    return base64(hmac(hash, hmac(hash, salted, "Server Key"), auth_message));
}

/// key=value,key="value" …
std::map<std::string, std::string> directives(std::string_view text) {
    std::map<std::string, std::string> found;
    while (!text.empty()) {
        const std::size_t equals = text.find('=');
        if (equals == std::string_view::npos) break;
        std::string key(text.substr(0, equals));
        std::erase_if(key, [](char c) { return c == ',' || c == ' '; });
        text.remove_prefix(equals + 1);
        std::string value;
        bool quoted = false;
        for (; !text.empty() && (quoted || text.front() != ','); text.remove_prefix(1)) {
            const bool mark = text.front() == '"';
            if (mark) quoted = !quoted;
            if (quoted && text.front() == '\\' && text.size() > 1) text.remove_prefix(1);
            if (!mark) value += text.front();
        }
        found.emplace(std::move(key), std::move(value));
    }
    return found;
}

std::string digest(const Identity& identity, const Talk& talk) {
    if (talk.answers.empty()) return {};
    auto said = directives(talk.answers.back());
    const auto joined = [](std::initializer_list<std::string_view> parts) {
        std::string out;
        for (const std::string_view part : parts) out += (out.empty() ? "" : ":") + std::string(part);
        return out;
    };
    const std::string secret = md5(joined({identity.user, said["realm"], identity.password}));
    const std::string one = hex(md5(joined({secret, said["nonce"], said["cnonce"]})));
    const std::string two = hex(md5(":" + said["digest-uri"]));
    return hex(md5(joined({one, said["nonce"], said["nc"], said["cnonce"], said["qop"], two})));
}

}  // namespace

std::string_view attribute(std::string_view message, char letter) {
    for (const auto field : split(message, ','))
        if (field.starts_with(std::string{letter, '='})) return field.substr(2);
    return {};
}

std::string proof_of(Mechanism mechanism, const Identity& identity, const Talk& talk) {
    switch (mechanism) {
        case Mechanism::scram_sha_1:
            return scram(EVP_sha1(), identity, talk);
        case Mechanism::scram_sha_256:
            return scram(EVP_sha256(), identity, talk);
        case Mechanism::digest_md5:
            return digest(identity, talk);
        default:
            return {};
    }
}

}  // namespace popkeep::fuzz
