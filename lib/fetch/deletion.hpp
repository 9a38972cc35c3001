#pragma once

#include <cstdint>
#include <vector>

#include "fetch/context.hpp"
#include "fetch/item.hpp"
#include "pop3/session.hpp"

namespace popkeep::fetch {

/// So often a server may answer that it deletes a message, or won't, before one that stays is left alone.
inline constexpr std::uint64_t most_attempts = 3;

/// Marks those due ones that have to be retrieved (again) before they may go: their UIDs were tied to bytes
/// by header only, or TOP can't tell them in this session (there is none, or their UIDs don't tell).
void mark_what_needs_proof(Context& context, pop3::Session& session, Items& items);

/// Deletes what is due and ends the session by QUIT. DELE goes out only for what is identified in this
/// session and can be read back from the disk now; receipts are durable before. Throws if the brake holds it
/// (after an orderly QUIT), or a stop was requested: nothing is deleted behind one. `last`: what was
/// retrieved last, if anything; what the server says unasked from then on casts doubt on it.
void delete_and_quit(Context& context, pop3::Session& session, Items& items, const Item* last);

}  // namespace popkeep::fetch
