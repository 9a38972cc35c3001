#pragma once

#include <optional>
#include <string>

#include "file/fd.hpp"
#include "oauth/tokens.hpp"
#include "secret/keyring.hpp"

namespace popkeep::oauth {

enum class Keep { file, keyring };

/// Where a client's tokens are kept: in $XDG_STATE_HOME/popkeep/tokens (~/.local/state for the variable), or
/// in the keyring. Named by account, user, client and token endpoint, so that no token goes to another server
/// after a change of the configuration.
class Store {
  public:
    /// Makes the folder.
    Store(const Client& client, Keep keep);

    /// Held while tokens are refreshed: of two runs one asks, and the other finds what it got; and while they
    /// are replaced or removed, lest a refresh brings them back. Waits up to two minutes. Throws Error.
    file::Fd lock() const;
    /// Nothing if nobody signed in. Throws (permission) if others can read the file, (data) if it is damaged.
    std::optional<Tokens> load() const;
    /// Durable when it returns.
    void save(const Tokens& tokens) const;
    /// True if there was something.
    bool remove() const;
    /// For people: a path, or "the keyring".
    const std::string& place() const noexcept { return place_; }

  private:
    Keep keep_;
    std::string path_, place_, label_;
    secret::keyring::Attributes attributes_;
};

}  // namespace popkeep::oauth
