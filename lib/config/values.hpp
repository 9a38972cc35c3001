#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sasl/mechanism.hpp"

/// One validator for each kind of value, shared by the configuration file and the command line. Each throws
/// an Error of category usage whose sentence names the value and whose hint names what is allowed; where it
/// stood is the caller's to add.
namespace popkeep::config {

/// What is deleted on the server once it is archived.
struct DeletePolicy {
    enum class Kind { never, fetched, after, keep };
    Kind kind = Kind::never;
    std::chrono::seconds age{0};  ///< after: this long after archiving
    std::uint64_t count = 0;      ///< keep: the highest message numbers that stay

    bool operator==(const DeletePolicy&) const = default;
};

/// "never", "fetched", "after:30d", "keep:100".
DeletePolicy parse_delete_policy(std::string_view text);
std::string to_text(const DeletePolicy& policy);

/// The brake: a run that would delete more stops.
struct MaxDelete {
    std::uint64_t value = 0;
    bool percent = false;  ///< of the listing

    bool operator==(const MaxDelete&) const = default;
};

/// "500" or "20%" (0 to 100).
MaxDelete parse_max_delete(std::string_view text);
std::string to_text(const MaxDelete& limit);

/// How to sign in: "auto", "user", "plain" … (see sasl/mechanism.hpp).
sasl::Mechanism parse_auth(std::string_view text);

/// The oldest TLS that is good enough: "1.2" or "1.3".
enum class TlsVersion { v1_2, v1_3 };
TlsVersion parse_tls_version(std::string_view text);

/// "any", "4" or "6".
enum class IpVersion { any, v4, v6 };
IpVersion parse_ip_version(std::string_view text);
std::string to_text(IpVersion version);

/// An IPv4 or IPv6 address, as it was written.
std::string parse_address(std::string_view text);

/// A whole number within the limits, decimal digits only.
std::uint64_t parse_count(std::string_view text, std::uint64_t lowest, std::uint64_t highest);

/// "90s", "2m" or a bare number of seconds; 1 s to 1 day.
std::chrono::seconds parse_timeout(std::string_view text);

/// "on" or "off".
bool parse_switch(std::string_view text);

/// "http://", "https://", "socks4://", "socks4a://", "socks5://" or "socks5h://", then [user@]host[:port]. No
/// password: it would stand in a command line.
struct Proxy {
    std::string url, user;
};
Proxy parse_proxy(std::string_view text);

/// "sha256//" and the base64 of 32 bytes; several joined by ';'.
std::vector<std::string> parse_pins(std::string_view text);

/// An mbox's name within the archive: see config/template.hpp.
std::string parse_file_template(std::string_view text);

/// A command line without a shell: split at blanks; '…' takes everything literally, "…" everything but \" and
/// \\, and \ outside quotes the next character. Nothing is expanded.
std::vector<std::string> parse_command(std::string_view text);

/// Text that names something (account, id, user): 1 to 255 bytes of UTF-8 without control characters.
/// `what` names it in the message: "an account's name".
std::string parse_name(std::string_view text, std::string_view what);

/// A path: not empty, no control characters, at most 4,096 bytes. "~" and "~/" become the home folder, a
/// relative one counts from `base` (absolute). The result is absolute and has no "." or doubled "/".
std::string parse_path(std::string_view text, std::string_view base);

}  // namespace popkeep::config
