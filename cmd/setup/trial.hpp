#pragma once

#include <optional>
#include <string>

#include "config/account.hpp"
#include "fetch/observer.hpp"
#include "provider/provider.hpp"
#include "secret/obtain.hpp"

namespace popkeep::cmd::setup {

/// What signing in once has shown.
struct Trial {
    fetch::Plan plan;        ///< of a first fetch
    std::string connection;  ///< in words
    /// The password that was accepted and where it came from; nothing where none was used.
    std::optional<secret::Credential> credential;
};

/// Connects and signs in as a fetch would, and leaves. A person whose password is refused is asked again,
/// thrice in all, with the provider's advice. Throws LoginRefused or Error.
Trial sign_in_once(const config::Account& account, const provider::Provider* provider, bool person,
                   bool verbose);

}  // namespace popkeep::cmd::setup
