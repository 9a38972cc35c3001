#pragma once

#include <string>
#include <string_view>

/// Values of the keys by which runs are watched. Each parser throws an Error of category usage, which never
/// repeats the text: it may hold a secret. An empty text is none, for an account that is to be left out.
namespace popkeep::config {

/// A command for the shell: one line or several.
std::string parse_shell_command(std::string_view text);

/// The address of a monitoring service: http:// or https://, a host, a path and perhaps a query.
std::string parse_ping_url(std::string_view text);

/// "https://host/…": of such an address, what isn't a secret.
std::string without_secret(std::string_view ping_url);

}  // namespace popkeep::config
