#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/digest.hpp"
#include "fetch/context.hpp"
#include "pop3/session.hpp"

namespace popkeep::fetch {

/// TOP n 0 for each message: the digests of their header sections (message::Facts::header), in the same
/// order; nothing where the server refused. Throws interrupt's Error if a stop was requested.
std::vector<std::optional<Digest>> read_headers(pop3::Session& session,
                                                std::span<const pop3::Listed* const> messages);

/// Whether the server gives headers, as far as it says and as this run has seen: where TOP has broken a
/// session twice before it brought anything, contents tell for the rest of the run.
bool has_top(const Context& context, const pop3::Session& session);
/// The session was lost over this one's header; `first`: the first one that was asked for.
void note_lost_header(Context& context, const pop3::Listed& lost, const pop3::Listed& first);

}  // namespace popkeep::fetch
