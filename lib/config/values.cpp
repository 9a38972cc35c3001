#include "config/values.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/host.hpp"

namespace popkeep::config {
namespace {

constexpr std::string_view policies = "give never, fetched, after:30d (s, m, h, d, w) or keep:100";

[[noreturn]] void refuse(std::string_view text, std::string_view what, std::string_view allowed) {
    throw Error(Category::usage, fmt::format("'{}' is not {}", printable(text, 60), what)).next(allowed);
}

/// The seconds in their largest whole unit.
std::string duration_text(std::int64_t seconds) {
    if (seconds % 86400 == 0) return fmt::format("{}d", seconds / 86400);
    if (seconds % 3600 == 0) return fmt::format("{}h", seconds / 3600);
    return seconds % 60 == 0 ? fmt::format("{}m", seconds / 60) : fmt::format("{}s", seconds);
}

/// Nothing of it is repeated in a message.
HostPort proxy_place(std::string_view text, std::string_view allowed) {
    try {
        return parse_host_port(text);
    } catch (const Error&) {
        throw Error(Category::usage, "the proxy's host or port is not one, or something follows")
            .next(allowed);
    }
}

}  // namespace

DeletePolicy parse_delete_policy(std::string_view text) {
    using Kind = DeletePolicy::Kind;
    constexpr std::string_view after = "after:";
    constexpr std::string_view keep = "keep:";
    if (text == "never") return {};
    if (text == "fetched") return {.kind = Kind::fetched};
    if (text.starts_with(after)) {
        const auto age = parse_duration(text.substr(after.size()));
        if (age && *age > 0) return {.kind = Kind::after, .age = std::chrono::seconds(*age)};
    } else if (text.starts_with(keep)) {
        // 0 is refused: whoever means it says "fetched".
        const auto count = parse_number(text.substr(keep.size()));
        if (count && *count > 0) return {.kind = Kind::keep, .count = *count};
    }
    refuse(text, "a delete policy", policies);
}

std::string to_text(const DeletePolicy& policy) {
    switch (policy.kind) {
        case DeletePolicy::Kind::fetched:
            return "fetched";
        case DeletePolicy::Kind::after:
            return "after:" + duration_text(policy.age.count());
        case DeletePolicy::Kind::keep:
            return fmt::format("keep:{}", policy.count);
        case DeletePolicy::Kind::never:
            break;
    }
    return "never";
}

MaxDelete parse_max_delete(std::string_view text) {
    MaxDelete out;
    out.percent = text.ends_with('%');
    const auto value = parse_number(out.percent ? text.substr(0, text.size() - 1) : text);
    if (!value || (out.percent && *value > 100)) {
        refuse(text, "a limit of deletions",
               "give a number of messages (500) or a share of the listing (20%)");
    }
    out.value = *value;
    return out;
}

std::string to_text(const MaxDelete& limit) {
    return fmt::format("{}{}", limit.value, limit.percent ? "%" : "");
}

sasl::Mechanism parse_auth(std::string_view text) {
    if (const auto mechanism = sasl::from_key(text)) return *mechanism;
    std::string keys = "auto";
    for (const sasl::Facts& known : sasl::mechanisms()) keys += fmt::format(", {}", known.key);
    refuse(text, "a way to sign in", "give one of " + keys);
}

std::uint64_t parse_count(std::string_view text, std::uint64_t lowest, std::uint64_t highest) {
    const auto count = parse_number(text);
    if (!count || *count < lowest || *count > highest) {
        refuse(text, "a number within the limits", fmt::format("give {} to {}", lowest, highest));
    }
    return *count;
}

std::chrono::seconds parse_timeout(std::string_view text) {
    std::optional<std::int64_t> seconds = parse_duration(text);
    if (const auto bare = parse_number(text); bare && *bare <= 86400)
        seconds = static_cast<std::int64_t>(*bare);
    if (!seconds || *seconds < 1 || *seconds > 86400) {
        refuse(text, "a time to wait", "give seconds (90) or 90s, 5m, 1h; 1 second to 1 day");
    }
    return std::chrono::seconds(*seconds);
}

bool parse_switch(std::string_view text) {
    if (text != "on" && text != "off") refuse(text, "a switch", "give on or off");
    return text == "on";
}

TlsVersion parse_tls_version(std::string_view text) {
    if (text != "1.2" && text != "1.3")
        refuse(text, "a version of TLS to begin with", "give 1.2 or 1.3; older ones are not safe");
    return text == "1.3" ? TlsVersion::v1_3 : TlsVersion::v1_2;
}

IpVersion parse_ip_version(std::string_view text) {
    if (text == "4") return IpVersion::v4;
    if (text == "6") return IpVersion::v6;
    if (text != "any") refuse(text, "a version of IP", "give any, 4 or 6");
    return IpVersion::any;
}

std::string to_text(IpVersion version) {
    if (version == IpVersion::any) return "any";
    return version == IpVersion::v4 ? "4" : "6";
}

std::string parse_address(std::string_view text) {
    std::string address(text);
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    if (address.find('\0') != std::string::npos || (inet_pton(AF_INET, address.c_str(), bytes.data()) != 1 &&
                                                    inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1))
        refuse(text, "an address", "give an IPv4 or IPv6 address of this machine");
    return address;
}

Proxy parse_proxy(std::string_view text) {
    constexpr std::array<std::string_view, 6> schemes{"http",    "https",  "socks4",
                                                      "socks4a", "socks5", "socks5h"};
    constexpr std::string_view allowed =
        "give http://, https://, socks4://, socks4a://, socks5:// or socks5h:// and [user@]host[:port]";
    // It may hold a password.
    const std::size_t colon = text.find("://");
    const std::string scheme = lowered(text.substr(0, colon));
    if (colon == std::string_view::npos || std::ranges::find(schemes, scheme) == schemes.end()) {
        throw Error(Category::usage, "the proxy has no known scheme").next(allowed);
    }
    std::string_view rest = text.substr(colon + 3);
    Proxy proxy;
    if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos) {
        if (rest.substr(0, at).find(':') != std::string_view::npos) {
            throw Error(Category::usage, "the proxy must not hold a password")
                .next("leave out ':' and the password; give proxy_password_command or proxy_password_file");
        }
        proxy.user = parse_name(rest.substr(0, at), "the proxy's user name");
        rest.remove_prefix(at + 1);
    }
    if (rest.ends_with('/')) rest.remove_suffix(1);
    const HostPort place = proxy_place(rest, allowed);
    proxy.url =
        scheme + "://" + (place.host.find(':') == std::string::npos ? place.host : "[" + place.host + "]");
    if (place.port) proxy.url += fmt::format(":{}", *place.port);
    return proxy;
}

std::vector<std::string> parse_pins(std::string_view text) {
    constexpr std::string_view prefix = "sha256//";
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::vector<std::string> pins;
    for (const std::string_view pin : split(text, ';')) {
        const std::string_view base64 = pin.substr(std::min(prefix.size(), pin.size()));
        // 32 bytes are 43 characters, the last of which carries 4 bits, and one '='.
        const bool good = pin.starts_with(prefix) && base64.size() == 44 && base64.back() == '=' &&
                          base64.find_first_not_of(alphabet) == 43 && alphabet.find(base64[42]) % 4 == 0;
        if (!good) {
            refuse(pin, "a pin",
                   "give sha256// and the base64 of the public key's SHA-256 (44 characters); join several "
                   "with ';'");
        }
        pins.emplace_back(pin);
    }
    return pins;
}

std::string parse_name(std::string_view text, std::string_view what) {
    const auto refuse_name = [&](std::string_view why) {
        throw Error(Category::usage, fmt::format("{} {}", what, why));
    };
    if (text.empty()) refuse_name("is empty");
    if (text.size() > 255) refuse_name("is longer than 255 bytes");
    if (!is_plain_text(text)) refuse_name("holds control characters or isn't UTF-8");
    return std::string(text);
}

}  // namespace popkeep::config
