#include "pop3/login.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "pop3/policy.hpp"

namespace popkeep::pop3 {
namespace {

bool is_sendable(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

/// RFC 6750 section 2.1 allows less; what would change the shape of the message is what counts.
bool is_token(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c < 127; });
}

/// Servers without response codes say in words that the maildrop is locked or that we come too often;
/// fetchmail has gone by these words for decades. Only where a word begins: "blocked" and "unlock" are
/// about the account.
bool speaks_of_waiting(std::string_view text) {
    static constexpr std::array<std::string_view, 8> words{"lock",   "busy",     "wait",     "try again",
                                                           "in use", "exceeded", "too many", "too often"};
    const auto lower = lowered(text);
    const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
        for (auto at = lower.find(word); at != std::string::npos; at = lower.find(word, at + 1))
            if (at == 0 || !is_letter(lower[at - 1])) return true;
        return false;
    });
}

Error later(const char* sentence) {
    return Error(Category::temporary, sentence).next("try again later");
}

Error wrong_credential() {
    return Error(Category::permission, "the server refused user name or password")
        .next(
            "check them; many providers want an app password, and POP access switched on in their settings");
}

Error meaning(const Reply& reply, const Capabilities& capabilities) {
    switch (reply.code) {
        case ResponseCode::in_use:
            return later("the mailbox is in use by another session");
        case ResponseCode::login_delay:
            return later("the server wants more time between two sign-ins");
        case ResponseCode::sys_temp:
            return later("the server can't sign anybody in at the moment");
        case ResponseCode::sys_perm:
            if (const auto policy = policy_of(reply.text)) return *policy;
            return Error(Category::unavailable, "the server has a lasting problem with this mailbox")
                .next("ask the provider: trying again will not help");
        case ResponseCode::auth:
            if (const auto policy = policy_of(reply.text)) return *policy;
            return wrong_credential();
        default:
            break;
    }
    if (const auto policy = policy_of(reply.text)) return *policy;
    if (capabilities.has("AUTH-RESP-CODE") || speaks_of_waiting(reply.text))
        return later("the server refused to sign in, but not because of user name or password");
    return wrong_credential();
}

const char* missing(sasl::Proof proof) {
    switch (proof) {
        case sasl::Proof::password:
            return "give it a password, by password_command or password_file";
        case sasl::Proof::token:
            return "give it an OAuth token, by token_command or `popkeep login`";
        case sasl::Proof::certificate:
            return "give it client_cert and client_key, and no password";
        case sasl::Proof::ticket:
            break;
    }
    return "get a Kerberos ticket (kinit), and give no password";
}

}  // namespace

void check_credentials(const Login& login) {
    if (login.user.empty()) throw Error(Category::configuration, "there is no user name");
    if (!is_sendable(login.user))
        throw Error(Category::configuration, "the user name has a line break or a NUL in it");
    if (!is_sendable(login.password))
        throw Error(Category::configuration, "the password has a line break or a NUL in it")
            .next("check what the password command or file gives: only its first line is meant");
    if (login.token && !is_token(login.password))
        throw Error(Category::permission, "what came as access token is none")
            .next("the first line that token_command prints must be the token and nothing else");
    if (login.mechanism != Mechanism::automatic && sasl::facts(login.mechanism).proof != login.proof())
        throw Error(Category::configuration,
                    fmt::format("the mechanism {} has nothing to go by", sasl::facts(login.mechanism).name))
            .next(missing(sasl::facts(login.mechanism).proof));
}

LoginRefused refusal(const Reply& reply, const Capabilities& capabilities, std::string_view place) {
    auto error = meaning(reply, capabilities);
    error.at(place).said(reply.text);
    return {std::move(error), reply.code};
}

LoginRefused mechanism_refused(const Reply& reply, Mechanism mechanism, const Capabilities& capabilities,
                               std::string_view place) {
    if (reply.code != ResponseCode::none && reply.code != ResponseCode::unknown)
        return refusal(reply, capabilities, place);
    Error error(Category::protocol,
                fmt::format("the server refuses the mechanism {}, so no password was sent",
                            sasl::facts(mechanism).name));
    error.at(place)
        .said(reply.text)
        .next("name another one with --auth; popkeep check shows what is offered");
    return {std::move(error), reply.code};
}

}  // namespace popkeep::pop3
