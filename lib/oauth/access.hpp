#pragma once

#include <memory>

#include "oauth/store.hpp"
#include "secret/token.hpp"

namespace popkeep::oauth {

/// Access tokens of what `popkeep login` stored, refreshed shortly before they expire. `attended`: a person
/// is there; otherwise a provider that refused for good isn't asked again before the next sign-in.
std::shared_ptr<secret::TokenSource> stored_tokens(Client client, Keep keep, bool attended);

}  // namespace popkeep::oauth
