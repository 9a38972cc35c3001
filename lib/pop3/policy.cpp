#include "pop3/policy.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.hpp"

namespace popkeep::pop3 {
namespace {

struct Policy {
    std::array<std::string_view, 6> words;  ///< in lower case; any of them
    const char *sentence, *next;
};

// There is no response code for these; the words are those of Gmail, Exchange, Yahoo, Dovecot and others.
constexpr std::array policies{
    Policy{{"application-specific password", "app password", "app-specific password", "application password"},
           "the provider wants an app password, not that of its web site",
           "make one in the security settings of the account there, or sign in by OAuth (popkeep-login(1))"},
    Policy{{"not enabled for pop", "pop access is disabled", "pop is disabled", "pop3 is disabled",
            "pop3 access is disabled", "pop access not enabled"},
           "POP access is switched off for this mailbox",
           "switch it on in the provider's settings, or ask its administrator"},
    Policy{{"web login required", "via your web browser", "via the web", "webloginrequired"},
           "the provider wants to see you in its web site first",
           "sign in there and confirm that it was you, then run this again"},
    Policy{{"basic auth", "basicauthblocked", "oauth is required", "modern auth"},
           "the provider takes no passwords any more",
           "sign in by OAuth: popkeep-login(1)"},
    Policy{{"plaintext authentication disallowed", "cleartext", "requires ssl", "requires tls",
            "must use tls", "must issue a stls"},
           "the server takes no password over an unencrypted link",
           "write pop3s://, and leave tls on"},
    Policy{{"suspended", "is blocked", "been blocked", "account disabled", "account is disabled",
            "has been disabled"},
           "the provider has blocked the account or the access to it",
           "its web site says why, and how to end that"},
};

}  // namespace

std::optional<Error> policy_of(std::string_view text) {
    const std::string lower = lowered(text);
    for (const Policy& policy : policies) {
        const bool says = std::ranges::any_of(policy.words, [&](std::string_view word) {
            return !word.empty() && lower.find(word) != std::string::npos;
        });
        if (says) return Error(Category::permission, policy.sentence).next(policy.next);
    }
    return std::nullopt;
}

}  // namespace popkeep::pop3
