#include "config/oauth.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/host.hpp"

namespace popkeep::config {
namespace {

constexpr std::size_t longest_value = 2000;

// RFC 6749 appendix A.4: visible characters but '"' and '\'.
bool is_scope_text(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 127 && c != '"' && c != '\\'; });
}

std::string_view host_of(std::string_view url) {
    std::string_view host = url.substr(url.find("://") + 3);
    host = host.substr(0, host.find_first_of("/?#"));
    if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
    return host.substr(0, host.find(':'));
}

}  // namespace

std::string parse_web_url(std::string_view text) {
    const auto refuse = [&](std::string_view why) {
        throw Error(Category::usage, fmt::format("'{}' {}", printable(text, 100), why))
            .next("give https://host/path; http:// is for this machine alone (127.0.0.1, [::1], localhost)");
    };
    const bool secure = text.starts_with("https://");
    if (!secure && !text.starts_with("http://")) refuse("is not a web address");
    if (text.size() > longest_value || !std::ranges::all_of(text, [](char c) { return c > ' ' && c < 127; }))
        refuse("holds what a web address can't");
    const std::string_view host = host_of(text);
    if (host.empty() || text.find('#') != std::string_view::npos) refuse("is not a web address");
    std::string_view authority = text.substr(text.find("://") + 3);
    authority = authority.substr(0, authority.find_first_of("/?"));
    if (authority.find('@') != std::string_view::npos) refuse("holds a user name");
    if (const std::string_view port = authority.substr(host.size()); !port.empty()) {
        if (!port.starts_with(':')) refuse("is not a web address");
        parse_port(port.substr(1));
    }
    constexpr std::array<std::string_view, 3> loopback{"127.0.0.1", "[::1]", "localhost"};
    if (!secure && std::ranges::find(loopback, host) == loopback.end())
        refuse("would carry secrets in clear text");
    return std::string(text);
}

std::string parse_scope(std::string_view text) {
    if (text.empty() || text.size() > longest_value || !is_scope_text(text)) {
        throw Error(Category::usage, fmt::format("'{}' is not a scope", printable(text, 100)))
            .next("give the scopes that the provider names, with blanks between them");
    }
    return std::string(text);
}

OAuth::Store parse_store(std::string_view text) {
    if (text != "file" && text != "keyring") {
        throw Error(Category::usage, fmt::format("'{}' is not a place for tokens", printable(text, 60)))
            .next("give file or keyring");
    }
    return text == "file" ? OAuth::Store::file : OAuth::Store::keyring;
}

std::string to_text(OAuth::Store store) {
    return store == OAuth::Store::file ? "file" : "keyring";
}

}  // namespace popkeep::config
