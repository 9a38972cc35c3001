#pragma once

#include <string_view>

#include "pop3/capability.hpp"
#include "pop3/endpoint.hpp"
#include "pop3/reply.hpp"
#include "pop3/session.hpp"

namespace popkeep::pop3 {

/// What a refused sign-in means. What the provider's policy forbids is told by the words of the reply; else
/// [AUTH] or a bare -ERR is what was `proven` by (password, certificate …), except where the server has
/// promised to say [AUTH] then (AUTH-RESP-CODE, RFC 3206 section 6), or the text speaks of a lock.
LoginRefused refusal(const Reply& reply, const Capabilities& capabilities, std::string_view place,
                     sasl::Proof proven = sasl::Proof::password);

/// AUTH itself was refused, before an answer that holds anything was sent: it was the mechanism's fault,
/// unless the server says otherwise.
LoginRefused mechanism_refused(const Reply& reply, Mechanism mechanism, const Capabilities& capabilities,
                               std::string_view place);

}  // namespace popkeep::pop3
