#pragma once

#include <string_view>

#include "pop3/capability.hpp"
#include "pop3/reply.hpp"
#include "pop3/session.hpp"

namespace popkeep::pop3 {

/// What a refused access token means. `complaint`: the JSON that came before -ERR (RFC 7628 section 3.2.2);
/// empty where none came. Its status and scope are told.
LoginRefused token_refusal(const Reply& reply, std::string_view complaint, const Capabilities& before,
                           std::string_view place);

}  // namespace popkeep::pop3
