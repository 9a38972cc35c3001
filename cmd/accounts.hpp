#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/account.hpp"
#include "fetch/job.hpp"
#include "options.hpp"

namespace popkeep::cmd {

/// The accounts that `names` means: one URL, names of the configuration, or every enabled account of it if
/// there are none. `flags` are applied.
std::vector<config::Account> chosen_accounts(const std::vector<std::string>& names,
                                             const std::optional<std::string>& config_path,
                                             const AccountFlags& flags);

/// Sees to it that the account's archive is there. Founds it only where a person is there, and in a folder
/// that holds other things only if the person says so. Returns a sentence if it was founded.
std::optional<std::string> require_archive(const config::Account& account, bool may_found);

/// The account as the engine takes it, with its password, which may be asked for.
fetch::Job job_of(const config::Account& account, const AccountFlags& flags);

/// "pop.example.com:995", for people.
std::string place_of(const config::Account& account);

}  // namespace popkeep::cmd
