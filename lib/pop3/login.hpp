#pragma once

#include <string_view>

#include "pop3/capability.hpp"
#include "pop3/endpoint.hpp"
#include "pop3/reply.hpp"
#include "pop3/session.hpp"

namespace popkeep::pop3 {

/// Refuses what would become two commands or be cut short: CR, LF or NUL in user or password, an empty user,
/// a mechanism without what it proves. Before connecting. Throws Error of category configuration.
void check_credentials(const Login& login);

/// What a refused sign-in means: [AUTH] or a bare -ERR is the credential, except where the server has
/// promised to say [AUTH] then (AUTH-RESP-CODE, RFC 3206 section 6), or the text speaks of a lock.
LoginRefused refusal(const Reply& reply, const Capabilities& capabilities, std::string_view place);

/// AUTH itself was refused, before an answer that holds anything was sent: it was the mechanism's fault,
/// unless the server says otherwise by a response code.
LoginRefused mechanism_refused(const Reply& reply, Mechanism mechanism, const Capabilities& capabilities,
                               std::string_view place);

}  // namespace popkeep::pop3
