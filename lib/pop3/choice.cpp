#include "pop3/choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

#include "base/text.hpp"

namespace popkeep::pop3 {
namespace {

using M = Mechanism;

constexpr std::array unheard{M::user,  M::plain,    M::scram_sha_256, M::scram_sha_1,
                             M::login, M::cram_md5, M::digest_md5,    M::ntlm};
constexpr std::array overheard{M::scram_sha_256, M::scram_sha_1, M::digest_md5,
                               M::cram_md5,      M::apop,        M::ntlm};
constexpr std::array challenges{M::scram_sha_256, M::scram_sha_1, M::cram_md5, M::digest_md5, M::ntlm};
constexpr std::array by_token{M::oauthbearer, M::xoauth2};

/// A timestamp as an RFC 822 message id: anything else may be chosen to get at the password (CVE-2007-1558).
bool has_timestamp(std::string_view greeting) {
    const auto begin = greeting.find('<');
    const auto end = greeting.find('>', begin == std::string_view::npos ? 0 : begin);
    return begin != std::string_view::npos && end != std::string_view::npos &&
           greeting.substr(begin, end - begin).find('@') != std::string_view::npos;
}

bool offers_sasl(const Capabilities& capabilities, std::string_view name) {
    const auto offered = capabilities.arguments("SASL");
    return std::ranges::any_of(offered, [&](const auto& word) { return equal_ignoring_case(word, name); });
}

bool is_offered(M mechanism, const Offer& offer) {
    if (mechanism == M::user) return offer.capabilities.empty() || offer.capabilities.has("USER");
    if (mechanism == M::apop) return has_timestamp(offer.greeting);
    return offers_sasl(offer.capabilities, sasl::facts(mechanism).name);
}

std::optional<M> first_offered(std::span<const M> wanted, const Offer& offer) {
    const auto found = std::ranges::find_if(wanted, [&](M m) { return is_offered(m, offer); });
    return found == wanted.end() ? std::nullopt : std::optional(*found);
}

std::string told(const Capabilities& capabilities) {
    const auto offered = capabilities.arguments("SASL");
    std::string text = capabilities.has("USER") ? "USER" : "";
    if (!offered.empty()) text += fmt::format("{}SASL {}", text.empty() ? "" : ", ", fmt::join(offered, " "));
    return text;
}

LoginRefused nothing_sent(const char* sentence, const char* hint, const Offer& offer,
                          std::string_view place) {
    Error error(Category::protocol, sentence);
    error.at(place).next(hint);
    if (const auto text = told(offer.capabilities); !text.empty()) error.said(text);
    return {std::move(error), ResponseCode::none};
}

M by_password(const Offer& offer, std::string_view place) {
    if (!offer.confidential) {
        if (const auto safe = first_offered(overheard, offer)) return *safe;
        throw nothing_sent(
            "this link is not encrypted, and the server takes nothing but a readable password, so none was "
            "sent",
            "use TLS; --auth user sends it all the same", offer, place);
    }
    const auto challenge = first_offered(challenges, offer);
    // Dovecot lists USER also where its mechanisms take no readable password.
    if (challenge && !is_offered(M::plain, offer) && !is_offered(M::login, offer)) return *challenge;
    if (const auto found = first_offered(unheard, offer)) return *found;
    if (first_offered(by_token, offer))
        throw nothing_sent("the server wants an OAuth token instead of a password, so nothing was sent",
                           "give a token_command, or run popkeep login", offer, place);
    return M::user;
}

M by_token_or_certificate(const Login& login, const Offer& offer, std::string_view place) {
    if (login.proof() == sasl::Proof::token) {
        if (!offer.confidential)
            throw nothing_sent("this link is not encrypted, so the token was not sent", "use TLS", offer,
                               place);
        if (const auto found = first_offered(by_token, offer)) return *found;
        if (offer.capabilities.empty()) return M::xoauth2;
        throw nothing_sent("the server takes no OAuth token, so nothing was sent", "give a password instead",
                           offer, place);
    }
    if (is_offered(M::external, offer)) return M::external;
    throw nothing_sent("the server doesn't let the client certificate sign in, so nothing was sent",
                       "give a password as well", offer, place);
}

}  // namespace

Mechanism choose(const Login& login, const Offer& offer, std::string_view place) {
    if (login.mechanism == M::automatic)
        return login.proof() == sasl::Proof::password ? by_password(offer, place)
                                                      : by_token_or_certificate(login, offer, place);
    // libcurl looks at the offer by itself; USER is tried in any case, since it is left out of many lists.
    const auto& facts = sasl::facts(login.mechanism);
    if (facts.speaker == sasl::Speaker::exchange && !offer.capabilities.empty() &&
        !is_offered(login.mechanism, offer))
        throw not_offered(login.mechanism, offer.capabilities, place);
    return login.mechanism;
}

std::string name_of(Mechanism mechanism) {
    const auto& facts = sasl::facts(mechanism);
    return fmt::format("{}{}", facts.is_sasl() ? "SASL " : "", facts.name);
}

LoginRefused not_offered(Mechanism mechanism, const Capabilities& capabilities, std::string_view place) {
    Error error(Category::protocol,
                fmt::format("the server doesn't offer the mechanism {}, so nothing was sent",
                            sasl::facts(mechanism).name));
    error.at(place).next("name another one with --auth, or none");
    if (const auto text = told(capabilities); !text.empty()) error.said(text);
    return {std::move(error), ResponseCode::none};
}

}  // namespace popkeep::pop3
