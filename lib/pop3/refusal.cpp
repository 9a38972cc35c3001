#include "pop3/refusal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "pop3/policy.hpp"

namespace popkeep::pop3 {
namespace {

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

Error not_accepted(sasl::Proof proven) {
    switch (proven) {
        case sasl::Proof::token:
            return Error(Category::permission, "the server refused the access token")
                .next("get a new one; it must be for this user and for POP");
        case sasl::Proof::certificate:
            return Error(Category::permission, "the server refused the client certificate for this user")
                .next("check --client-cert and the user name");
        case sasl::Proof::ticket:
            return Error(Category::permission, "the server refused the Kerberos ticket for this user")
                .next("check klist and the user name");
        case sasl::Proof::password:
            break;
    }
    return Error(Category::permission, "the server refused user name or password")
        .next(
            "check them; many providers want an app password, and POP access switched on in their settings");
}

Error meaning(const Reply& reply, const Capabilities& capabilities, sasl::Proof proven) {
    switch (reply.code) {
        case ResponseCode::in_use:
            return later("the mailbox is in use by another session");
        case ResponseCode::login_delay:
            return later("the server wants more time between two sign-ins");
        case ResponseCode::sys_temp:
            return later("the server can't sign anybody in at the moment");
        default:
            break;
    }
    if (auto policy = policy_of(reply.text)) return std::move(*policy);
    if (reply.code == ResponseCode::sys_perm)
        return Error(Category::unavailable, "the server has a lasting problem with this mailbox")
            .next("ask the provider: trying again will not help");
    if (reply.code == ResponseCode::auth) return not_accepted(proven);
    if (capabilities.has("AUTH-RESP-CODE") || speaks_of_waiting(reply.text))
        return later("the server refused to sign in, but not because of user name or password");
    return not_accepted(proven);
}

}  // namespace

LoginRefused refusal(const Reply& reply, const Capabilities& capabilities, std::string_view place,
                     sasl::Proof proven) {
    auto error = meaning(reply, capabilities, proven);
    error.at(place).said(reply.text);
    return {std::move(error), reply.code};
}

LoginRefused mechanism_refused(const Reply& reply, Mechanism mechanism, const Capabilities& capabilities,
                               std::string_view place) {
    const bool told = reply.code != ResponseCode::none && reply.code != ResponseCode::unknown;
    const auto proof = sasl::facts(mechanism).proof;
    if (told || policy_of(reply.text)) return refusal(reply, capabilities, place, proof);
    Error error(Category::protocol,
                fmt::format("the server refuses the mechanism {}, so nothing secret was sent",
                            sasl::facts(mechanism).name));
    error.at(place)
        .said(reply.text)
        .next("name another one with --auth; popkeep check shows what is offered");
    return {std::move(error), reply.code};
}

}  // namespace popkeep::pop3
