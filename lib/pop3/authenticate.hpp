#pragma once

#include "pop3/conversation.hpp"
#include "sasl/exchange.hpp"

namespace popkeep::pop3 {

/// AUTH (RFC 5034) for a mechanism that we speak. In two steps: some servers refuse a response on the
/// command's own line, and there it would have to fit 255 octets. `before`: the capabilities in the current
/// TLS state. Throws LoginRefused, SessionLost or Error.
void authenticate(Conversation& conversation, sasl::Exchange& exchange, Mechanism mechanism,
                  const Capabilities& before);

}  // namespace popkeep::pop3
