#include "pop3/endpoint.hpp"

#include <fmt/format.h>

namespace popkeep::pop3 {

std::string Endpoint::place() const {
    const bool ipv6 = host.find(':') != std::string::npos;
    return ipv6 ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

}  // namespace popkeep::pop3
