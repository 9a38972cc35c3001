#pragma once

#include <string>

#include "pop3/capability.hpp"
#include "pop3/endpoint.hpp"
#include "pop3/session.hpp"

namespace popkeep::pop3 {

/// A server as it shows itself before anybody signs in.
struct Meeting {
    std::string place;
    std::string greeting;
    Capabilities capabilities;  ///< in the final TLS state
    TlsFacts tls;
    bool confidential = false;

    /// How Session::open would sign in: "USER/PASS", "SASL PLAIN" … Throws LoginRefused if it wouldn't.
    std::string way_in(const Login& login) const;
};

/// Connects, looks and leaves; no credential is sent. Throws CertificateRefused or Error, as
/// Session::open does.
Meeting meet(const Endpoint& endpoint, const Options& options);

}  // namespace popkeep::pop3
