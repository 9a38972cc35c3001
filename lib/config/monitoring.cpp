#include "config/monitoring.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace popkeep::config {
namespace {

constexpr std::size_t longest_shell_command = 8192;
constexpr std::size_t longest_address = 2000;

[[noreturn]] void refuse_url(std::string_view why) {
    throw Error(Category::usage, fmt::format("the address {}", why))
        .next("give https://host/path, as the monitoring service shows it");
}

// Where the path begins, or the query.
std::size_t end_of_host(std::string_view url) {
    return std::min(url.find_first_of("/?#", url.find("://") + 3), url.size());
}

}  // namespace

std::string parse_shell_command(std::string_view text) {
    if (text.size() > longest_shell_command)
        throw Error(Category::usage,
                    fmt::format("the command is longer than {} bytes", longest_shell_command))
            .next("put it into a script");
    if (text.find('\0') != std::string_view::npos) throw Error(Category::usage, "the command holds a NUL");
    return std::string(text);
}

std::string parse_ping_url(std::string_view text) {
    if (text.empty()) return {};
    const std::size_t scheme = text.find("://");
    if (scheme == std::string_view::npos) refuse_url("is not a URL");
    if (text.size() > longest_address) refuse_url(fmt::format("is longer than {} bytes", longest_address));
    const std::string lower = lowered(text.substr(0, scheme));
    if (lower != "http" && lower != "https") refuse_url("begins neither with https:// nor with http://");
    if (!std::ranges::all_of(text, [](char c) { return c > ' ' && c < 127 && c != '"' && c != '\\'; }))
        refuse_url("holds what a URL can't");
    if (text.find('#') != std::string_view::npos) refuse_url("has a '#' in it");
    const std::string_view host = text.substr(scheme + 3, end_of_host(text) - scheme - 3);
    if (host.empty() || host.starts_with(':')) refuse_url("names no host");
    if (host.find('@') != std::string_view::npos) refuse_url("has a user name in it");
    return lower + std::string(text.substr(scheme));
}

std::string without_secret(std::string_view ping_url) {
    return fmt::format("{}/…", ping_url.substr(0, end_of_host(ping_url)));
}

}  // namespace popkeep::config
