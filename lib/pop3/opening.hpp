#pragma once

#include "pop3/conversation.hpp"
#include "sasl/exchange.hpp"

namespace popkeep::pop3 {

/// What stands at the end of the opening.
struct Opened {
    Capabilities capabilities;
    Listing listing;
};

/// Signs in and lists: [UTF8] USER PASS CAPA UIDL LIST, in one flight where `pipelined`, else each alone.
/// `login`: with the mechanism that was chosen. With `exchange`, AUTH stands for USER and PASS; where libcurl
/// signed in, CAPA is the first. `before`: the capabilities in the current TLS state.
/// Throws LoginRefused, SessionLost or Error.
Opened sign_in_and_list(Conversation& conversation, const Login& login, sasl::Exchange* exchange,
                        const Capabilities& before, bool pipelined);

}  // namespace popkeep::pop3
