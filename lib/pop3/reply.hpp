#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace popkeep::pop3 {

/// Response codes (RFC 2449 section 8, RFC 3206, RFC 6856), the longest known prefix of what was sent.
enum class ResponseCode { none, in_use, login_delay, sys_temp, sys_perm, auth, utf8, unknown };

/// A status line, taken apart.
struct Reply {
    bool ok = false;
    ResponseCode code = ResponseCode::none;
    std::string text;  ///< behind the indicator, response code included, raw but at most 512 octets
};

/// Parses a status line without its line end. Nothing if it begins with neither +OK nor -ERR (any case is
/// refused: RFC 1939 section 3 wants upper case). "+OK", "+OK text" and "+OKtext" are all accepted (RFC
/// 1957).
std::optional<Reply> parse_reply(std::string_view line);

}  // namespace popkeep::pop3
