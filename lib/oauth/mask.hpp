#pragma once

#include <string>

#include "oauth/http.hpp"

namespace popkeep::oauth {

/// `text` with "****" for each of `form`'s secrets, as it is or percent-encoded, and for the client's id and
/// secret as HTTP Basic has them: a server may repeat what it was sent, and its words are shown.
std::string without_secrets(std::string text, const Form& form);

}  // namespace popkeep::oauth
