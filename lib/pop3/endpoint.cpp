#include "pop3/endpoint.hpp"

#include <fmt/format.h>

namespace popkeep::pop3 {

std::string Endpoint::place() const {
    const bool ipv6 = host.find(':') != std::string::npos;
    return ipv6 ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

sasl::Proof Login::proof() const noexcept {
    if (token) return sasl::Proof::token;
    if (!password.empty()) return sasl::Proof::password;
    return mechanism == Mechanism::gssapi ? sasl::Proof::ticket : sasl::Proof::certificate;
}

}  // namespace popkeep::pop3
