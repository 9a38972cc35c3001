#pragma once

#include <string>
#include <vector>

#include "config/account.hpp"
#include "fetch/job.hpp"

namespace popkeep::cmd {

/// What the account's provider is known not to list, in sentences, and how to see it all the same. The job
/// knows the user, whom the configuration may not name.
/// `by_url`: the account came from the command line.
std::vector<std::string> hidden_by_provider(const config::Account& account, const fetch::Job& job,
                                            bool by_url);

}  // namespace popkeep::cmd
