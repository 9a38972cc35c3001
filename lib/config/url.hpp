#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace popkeep::config {

enum class Transport {
    implicit_tls,  ///< pop3s://
    stls,          ///< pop3://
    plaintext,     ///< pop3:// with tls = "off"; never from a URL alone
};

/// Where a maildrop is, and whose.
struct Url {
    Transport transport = Transport::implicit_tls;
    std::optional<std::string> user;  ///< decoded; no control characters
    std::string host;                 ///< ASCII letters lowered, UTF-8 left alone, IPv6 without brackets
    std::uint16_t port = 995;

    /// "pop3s://user@host:port", the user encoded where needed, the port only where it isn't the scheme's
    /// own.
    std::string text() const;
};

/// Whether `text` is meant as a URL and not as an account's name: it holds "://".
bool looks_like_url(std::string_view text) noexcept;

/// pop3s://[user@]host[:port][/] or pop3://… . The last '@' ends the user, so that me@example.com@host works.
/// Throws an Error of category usage; since "user:password@" is refused, its text never repeats the userinfo.
Url parse_url(std::string_view text);

}  // namespace popkeep::config
