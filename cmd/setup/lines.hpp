#pragma once

#include <string>
#include <vector>

#include "config/section.hpp"
#include "setup/keys.hpp"
#include "setup/place.hpp"

namespace popkeep::cmd::setup {

/// What a person should know of a provider before the first fetch, a sentence each.
std::vector<std::string> advice(const provider::Provider& provider, const std::string& account);

/// The new account's lines, with the advice as comments: url, user, archive, what the command line named.
std::vector<config::SectionLine> account_lines(const Address& address, const Place& place,
                                               const std::string& account, const std::string& archive,
                                               const Keys& keys);

}  // namespace popkeep::cmd::setup
