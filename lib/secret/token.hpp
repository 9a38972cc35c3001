#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "secret/password.hpp"

namespace popkeep::secret {

/// Where OAuth 2.0 access tokens come from. They live for about an hour, so each sign-in asks anew.
class TokenSource {
  public:
    virtual ~TokenSource() = default;
    /// Stands for the credential behind the tokens, and changes only with it. Asks nobody.
    virtual std::string mark() = 0;
    /// One that is valid now. Throws Error.
    virtual Password token() = 0;
    /// The server turned the last one down. True if the next one is another, so that it makes sense to try
    /// it.
    virtual bool renew() { return false; }
    /// What the person should know about the credential; each thing once.
    virtual std::optional<std::string> take_warning() { return std::nullopt; }
};

/// The first line that a command prints, as in password_from_command().
std::shared_ptr<TokenSource> tokens_from_command(std::vector<std::string> argv, std::string account,
                                                 std::string origin);

}  // namespace popkeep::secret
