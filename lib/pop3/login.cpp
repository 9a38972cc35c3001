#include "pop3/login.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/error.hpp"

namespace popkeep::pop3 {
namespace {

bool is_sendable(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

/// RFC 6750 section 2.1 allows less; what would change the shape of the message is what counts.
bool is_token(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c < 127; });
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

}  // namespace popkeep::pop3
