#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace popkeep::secret {

/// The first line that a command prints, e.g. `pass show mail/work`. It is executed as it stands, found by
/// PATH, without a shell and without POPKEEP_PASSWORD in its environment; its standard error is ours. Where a
/// person is there it shares our terminal (to ask for a passphrase), else it reads nothing and
/// runs in a process group of its own. When `patience` is over or a stop is requested it is killed.
/// "{account}" in an argument becomes `account`. Throws (permission) if it fails; `origin` names it.
std::string password_from_command(std::vector<std::string> argv, std::string_view account,
                                  std::string_view origin,
                                  std::chrono::milliseconds patience = std::chrono::seconds(60));

}  // namespace popkeep::secret
