#include "config/host.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"

namespace popkeep::config {
namespace {

bool is_host_character(char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

void check_name(std::string_view name) {
    const auto refuse = [&](std::string_view why) {
        throw Error(Category::usage, fmt::format("'{}' is not a host name: {}", printable(name, 80), why))
            .next("write pop3s://user@host[:port]");
    };
    if (name.empty())
        throw Error(Category::usage, "the host name is missing").next("write pop3s://user@host[:port]");
    if (name.size() > 253) refuse("it is longer than 253 bytes");
    if (!is_plain_text(name) || !std::ranges::all_of(name, is_host_character)) {
        refuse("it may hold letters, digits, '-', '_' and '.'");
    }
    if (name.starts_with('-') || name.starts_with('.') || name.find("..") != std::string_view::npos) {
        refuse("a part of it is empty or begins with '-'");
    }
}

}  // namespace

std::uint16_t parse_port(std::string_view text) {
    const auto port = text.size() <= 5 ? parse_number(text) : std::nullopt;
    if (!port || *port < 1 || *port > 65535) {
        throw Error(Category::usage, "what follows the host's ':' is not a port")
            .next("give a number from 1 to 65535");
    }
    return static_cast<std::uint16_t>(*port);
}

bool is_plain_text(std::string_view text) {
    return printable(text, text.size()) == text;
}

HostPort parse_host_port(std::string_view text) {
    std::string_view host = text;
    std::string_view rest;
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        host = text.substr(1, end == std::string_view::npos ? end : end - 1);
        std::array<unsigned char, sizeof(in6_addr)> address{};
        // inet_pton reads no further than a NUL.
        if (end == std::string_view::npos || host.find('\0') != std::string_view::npos ||
            inet_pton(AF_INET6, std::string(host).c_str(), address.data()) != 1) {
            throw Error(Category::usage, "what stands in the brackets is not an IPv6 address")
                .next("write it as in pop3s://user@[2001:db8::1]:995");
        }
        rest = text.substr(end + 1);
    } else {
        const std::size_t colon = text.find(':');
        if (colon != std::string_view::npos) {
            host = text.substr(0, colon);
            rest = text.substr(colon);
        }
        check_name(host);
    }
    HostPort out{.host = lowered(host), .port = std::nullopt};
    if (rest.starts_with(':')) {
        out.port = parse_port(rest.substr(1));
    } else if (!rest.empty()) {
        throw Error(Category::usage, "after an address in brackets only ':' and a port may follow");
    }
    return out;
}

}  // namespace popkeep::config
