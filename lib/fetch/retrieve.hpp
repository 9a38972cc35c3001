#pragma once

#include "fetch/context.hpp"
#include "fetch/identify.hpp"
#include "fetch/item.hpp"
#include "pop3/session.hpp"

namespace popkeep::fetch {

/// Retrieves the wanted items into the archive. Whatever ends it early, what came whole is committed first; a
/// stop then ends the session by QUIT if all that came is archived.
/// Pipelined only where LIST's sizes tell what belongs together. Messages whose octets differ from LIST are
/// looked into: the same content three times means that LIST is inexact on this server (remembered); other
/// content means that the server can't pipeline (remembered, and SessionLost). Returns the last one that
/// came, if one did: what stands behind it casts doubt on it.
const Item* retrieve(Context& context, pop3::Session& session, Identifier& identifier, Items& items);

}  // namespace popkeep::fetch
