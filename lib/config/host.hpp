#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace popkeep::config {

struct HostPort {
    std::string host;  ///< ASCII letters lowered, IPv6 without brackets
    std::optional<std::uint16_t> port;
};

/// "host", "host:port" or "[IPv6]:port". Names may hold UTF-8 (IDN). Throws (usage); the text of the
/// port is not repeated, since it is where a password stands in "user:password".
HostPort parse_host_port(std::string_view text);

/// The digits behind the ':'. Throws likewise.
std::uint16_t parse_port(std::string_view text);

/// UTF-8 without control characters, which includes those that turn a terminal's direction.
bool is_plain_text(std::string_view text);

}  // namespace popkeep::config
