#pragma once

#include <string>
#include <vector>

#include "config/account.hpp"

namespace popkeep::cmd {

/// What the account's provider is known not to list, in sentences, and how to see it all the same.
std::vector<std::string> hidden_by_provider(const config::Account& account);

}  // namespace popkeep::cmd
