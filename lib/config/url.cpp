#include "config/url.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/host.hpp"
#include "config/values.hpp"

namespace popkeep::config {
namespace {

constexpr std::size_t longest_url = 1024;
constexpr std::string_view example = "write pop3s://user@host[:port]";

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
        const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
        if (low < 0) {
            throw Error(Category::usage, "a '%' in the user name isn't followed by two hexadecimal digits")
                .next("write the '%' itself as %25");
        }
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return out;
}

std::string encoded_user(std::string_view user) {
    std::string out;
    for (const char c : user) {
        if (std::string_view("%:/?#[]; ").find(c) == std::string_view::npos) {
            out += c;
        } else {
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return out;
}

std::string parse_user(std::string_view userinfo) {
    if (userinfo.find(':') != std::string_view::npos) {
        throw Error(Category::usage, "a URL must not hold a password")
            .next(
                "leave out ':' and the password (a ':' of the user name is %3A); it is asked for, or comes "
                "from "
                "--password-command or --password-file");
    }
    if (lowered(userinfo).find(";auth=") != std::string::npos) {
        throw Error(Category::usage, "a URL can't choose the mechanism").next("use --auth or the key 'auth'");
    }
    if (userinfo.find_first_of("/?#") != std::string_view::npos) {
        throw Error(Category::usage, "the user name in a URL can't hold '/', '?' or '#'")
            .next("write %2F, %3F or %23");
    }
    return parse_name(decoded(userinfo), "the user name");
}

}  // namespace

std::string Url::text() const {
    const bool tls = transport == Transport::implicit_tls;
    std::string out = tls ? "pop3s://" : "pop3://";
    if (user) out += encoded_user(*user) + "@";
    out += host.find(':') == std::string::npos ? host : "[" + host + "]";
    if (port != (tls ? 995 : 110)) out += fmt::format(":{}", port);
    return out;
}

bool looks_like_url(std::string_view text) noexcept {
    return text.find("://") != std::string_view::npos;
}

Url parse_url(std::string_view text) {
    const std::size_t colon = text.find("://");
    if (colon == std::string_view::npos) throw Error(Category::usage, "this is not a URL").next(example);
    if (text.size() > longest_url) {
        throw Error(Category::usage, fmt::format("the URL is longer than {} bytes", longest_url))
            .next(example);
    }
    Url url;
    const std::string scheme = lowered(text.substr(0, colon));
    if (scheme == "pop3") {
        url.transport = Transport::stls;
        url.port = 110;
    } else if (scheme != "pop3s") {
        throw Error(Category::usage, "the URL's scheme is neither pop3s nor pop3").next(example);
    }
    std::string_view rest = text.substr(colon + 3);
    if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos) {
        url.user = parse_user(rest.substr(0, at));
        rest.remove_prefix(at + 1);
    }
    if (rest.ends_with('/')) rest.remove_suffix(1);
    if (rest.find_first_of("/?#") != std::string_view::npos) {
        throw Error(Category::usage, "nothing but '/' may follow the host and port of the URL").next(example);
    }
    const HostPort place = parse_host_port(rest);
    url.host = place.host;
    url.port = place.port.value_or(url.port);
    return url;
}

}  // namespace popkeep::config
