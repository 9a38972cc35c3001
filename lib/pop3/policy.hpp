#pragma once

#include <optional>
#include <string_view>

#include "base/error.hpp"

namespace popkeep::pop3 {

/// What a refused sign-in means where the server's words say that neither name nor password is at fault but a
/// rule of the provider: POP is off, an app password or OAuth is wanted, the account is blocked. Category
/// permission. Nothing if the words say no such thing.
std::optional<Error> policy_of(std::string_view text);

}  // namespace popkeep::pop3
