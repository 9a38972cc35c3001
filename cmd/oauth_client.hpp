#pragma once

#include <memory>

#include "config/account.hpp"
#include "oauth/access.hpp"

namespace popkeep::cmd {

/// Whether an account signs in with access tokens.
bool uses_tokens(const config::Account& account);

/// Whether a command has a part in that, once a session is about to begin.
bool runs_command_for_tokens(const config::Account& account);

/// Where they come from; nothing if it doesn't.
std::shared_ptr<secret::TokenSource> tokens_of(const config::Account& account);

/// Popkeep as the account's provider knows it: what the configuration says, else what is known of the
/// provider. Throws (configuration) if that doesn't suffice to get tokens.
oauth::Client oauth_client_of(const config::Account& account);

oauth::Keep keep_of(const config::Account& account);

}  // namespace popkeep::cmd
