#pragma once

#include <string_view>

#include "pop3/capability.hpp"
#include "pop3/endpoint.hpp"
#include "pop3/reply.hpp"
#include "pop3/session.hpp"

namespace popkeep::pop3 {

/// Who says what to sign in.
enum class Method {
    user_pass,   ///< USER and PASS, by us
    auth_plain,  ///< SASL PLAIN, by us
    libcurl,     ///< the mechanism was named before connecting
};

/// Refuses what would become two commands or be cut short: CR, LF or NUL in user or password, an empty user.
/// Before connecting. Throws Error of category configuration.
void check_credentials(const Login& login);

/// The one method that is tried. Servers that leave USER out of CAPA and offer nothing we have are asked
/// by USER/PASS all the same, as other clients do.
Method choose_method(Mechanism mechanism, const Capabilities& capabilities);

/// What a refused sign-in means: [AUTH] or a bare -ERR is the credential, except where the server has
/// promised to say [AUTH] then (AUTH-RESP-CODE, RFC 3206 section 6), or the text speaks of a lock.
LoginRefused refusal(const Reply& reply, const Capabilities& capabilities, std::string_view place);

/// The mechanism that was named is not on offer: nothing was sent.
LoginRefused not_offered(const Capabilities& capabilities, std::string_view place);

}  // namespace popkeep::pop3
