#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/digest.hpp"
#include "pop3/session.hpp"

namespace popkeep::fetch {

/// TOP n 0 for each message: the digests of their header sections (message::Facts::header), in the same
/// order; nothing where the server refused. Throws interrupt's Error if a stop was requested.
std::vector<std::optional<Digest>> read_headers(pop3::Session& session,
                                                std::span<const pop3::Listed* const> messages);

}  // namespace popkeep::fetch
