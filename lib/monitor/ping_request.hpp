#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace popkeep::monitor {

/// The address with `word` behind its path: ("https://host/a?b=c", "start") is "https://host/a/start?b=c".
std::string ping_address(std::string_view url, std::string_view word);

/// Asks for an address by GET, or by POST if there is a `body`. Redirections aren't followed. Empty if the
/// answer was 2xx within `patience`, else what went wrong, without the address, which may be a secret.
std::string ping(const std::string& url, std::string_view body, std::chrono::milliseconds patience);

}  // namespace popkeep::monitor
