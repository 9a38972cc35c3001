#pragma once

#include <string>
#include <string_view>

#include "pop3/capability.hpp"
#include "pop3/endpoint.hpp"
#include "pop3/session.hpp"

namespace popkeep::pop3 {

/// What is known of a server when the mechanism is chosen.
struct Offer {
    const Capabilities& capabilities;  ///< in the final TLS state; empty: no CAPA
    std::string_view greeting;         ///< APOP's timestamp is in it
    bool confidential;                 ///< nobody can overhear
};

/// The one mechanism that is tried: the one named if it is offered, else by what is at hand.
/// A password where nobody can overhear: USER/PASS where it is offered or CAPA is absent (one flight, and it
/// works however the server keeps its passwords), unless the list of SASL has
/// ways that take no readable password only; else PLAIN, SCRAM and what else there is. Servers that
/// leave USER out of CAPA and name no mechanism are asked by USER/PASS all the same, as other clients do.
/// Where somebody can overhear: only what is of no use to him (never USER/PASS, PLAIN, LOGIN or a token).
/// A token: OAUTHBEARER, else XOAUTH2 (also where CAPA is absent). Neither: EXTERNAL, by the client
/// certificate. Throws LoginRefused (protocol) if nothing fits: nothing was sent.
Mechanism choose(const Login& login, const Offer& offer, std::string_view place);

/// "USER/PASS", "APOP", "SASL PLAIN" …
std::string name_of(Mechanism mechanism);

/// The mechanism is not on offer: nothing was sent.
LoginRefused not_offered(Mechanism mechanism, const Capabilities& capabilities, std::string_view place);

}  // namespace popkeep::pop3
