#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "provider/provider.hpp"

namespace popkeep::provider {

/// A POP3 server that a domain announces.
struct Service {
    std::string host;  ///< lower case, without the final dot
    std::uint16_t port = 0;
    Tls tls = Tls::implicit;
    std::uint16_t priority = 0, weight = 0;
};

/// A name server other than the system's, IPv4.
struct Nameserver {
    std::string address;
    std::uint16_t port = 53;
};

/// What `domain` says by SRV records (RFC 6186): _pop3s._tcp, else _pop3._tcp, which is taken as STLS; best
/// first. Empty if it says nothing, says that it has none, or nobody answers within some seconds. Blocks up
/// to 12 seconds; throws what interrupt::check() throws. The records are not signed: whoever is sent to a
/// host outside the domain should be asked (RFC 6186 section 6).
std::vector<Service> announced(const std::string& domain, const std::optional<Nameserver>& server = {});

/// The SRV records of one answer, best first: lowest priority, then highest weight. At most 32; what can't
/// be read, has no target or an odd one is left out.
std::vector<Service> services_of(std::span<const unsigned char> answer, Tls tls);

}  // namespace popkeep::provider
