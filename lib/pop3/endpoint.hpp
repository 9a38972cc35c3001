#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sasl/mechanism.hpp"

namespace popkeep::pop3 {

enum class Transport {
    implicit_tls,  ///< pop3s://, TLS from the first byte (RFC 8314)
    stls,          ///< pop3://, STLS required before anything is said (RFC 2595)
    plaintext,     ///< only if asked for by name
};

enum class TlsVersion { v1_2, v1_3 };
enum class AddressFamily { any, ipv4, ipv6 };

/// Where the maildrop is and how to get there. Verification of certificate and host name can't be turned off.
struct Endpoint {
    std::string host;  ///< name or address literal, IPv6 without brackets
    std::uint16_t port = 995;
    Transport transport = Transport::implicit_tls;
    std::string ca;                 ///< CA file or folder; empty: the system's
    std::vector<std::string> pins;  ///< "sha256//base64", any one of which must match; empty: no pinning
    std::string client_certificate;
    std::string client_key;
    TlsVersion tls_min = TlsVersion::v1_2;
    std::string proxy;  ///< "http://…", "socks5h://…"; empty: none (the environment is not asked)
    std::string proxy_user, proxy_password;
    std::string source_address;  ///< of ours, a literal; empty: the system chooses
    AddressFamily family = AddressFamily::any;
    std::string socket;               ///< path of a Unix socket, instead of TCP
    std::vector<std::string> tunnel;  ///< a command that carries the connection on its standard streams

    /// "host:port", IPv6 in brackets.
    std::string place() const;
};

using sasl::Mechanism;

/// Who one is, and how to prove it. Exactly one attempt is made, by the mechanism named or chosen (see
/// pop3/choice.hpp). The password is empty where certificate or ticket prove it.
struct Login {
    std::string user;
    std::string password;
    Mechanism mechanism = Mechanism::automatic;
    bool token = false;  ///< `password` is an OAuth 2.0 access token (RFC 6750)

    sasl::Proof proof() const noexcept;
};

enum class Direction { sent, received };

/// How a session waits and what it tells.
struct Options {
    /// Upper limit for every single wait; nothing: the limits of the protocol design (connect and login 60 s,
    /// silence 120 s, first byte of RETR 300 s, less than 1 KiB/min over 5 min, QUIT with deletes 600 s).
    /// Rates are looked at over the shorter time then.
    std::optional<std::chrono::seconds> wait_limit;
    /// One command in flight at a time, whatever the server advertises.
    bool lockstep = false;
    /// Told each line of the conversation but message content; secrets are masked, the rest is raw.
    std::function<void(Direction, std::string_view)> trace;
};

}  // namespace popkeep::pop3
