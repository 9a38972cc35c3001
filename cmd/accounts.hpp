#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/account.hpp"
#include "config/settings.hpp"
#include "fetch/job.hpp"
#include "options.hpp"
#include "secret/obtain.hpp"

namespace popkeep::cmd {

struct Chosen {
    std::vector<config::Account> accounts;
    config::Settings settings;  ///< the configuration's, if it was read
};

/// The accounts that `names` means: one URL, names of the configuration, or every enabled account of it if
/// there are none. `flags` are applied.
Chosen chosen_accounts(const std::vector<std::string>& names, const std::optional<std::string>& config_path,
                       const AccountFlags& flags);

/// Sees to it that the account's archive is there. Founds it only where a person is there, and in a folder
/// that holds other things only if the person says so, and provisionally (archive/unfound.hpp). Returns a
/// sentence if it was founded.
std::optional<std::string> require_archive(const config::Account& account, bool may_found);

/// Whether the account signs in with a password, as far as its configuration tells: not with tokens, nor
/// where a ticket or a certificate alone is wanted.
bool takes_password(const config::Account& account);

/// What the account's way to sign in wants to have: a password, which may be asked for, or the user's name
/// alone, without an origin, where tokens, a certificate or a ticket prove it. Throws like secret::obtain().
secret::Credential credential_of(const config::Account& account, const AccountFlags& flags);

/// The account as the engine takes it, with its password, which may be asked for.
fetch::Job job_of(const config::Account& account, const AccountFlags& flags);

/// What its policy deletes, and its brake, as the engine takes them.
fetch::DeletePolicy policy_of(const config::Account& account);
fetch::Brake brake_of(const config::Account& account);

/// "pop.example.com:995", for people.
std::string place_of(const config::Account& account);

}  // namespace popkeep::cmd
