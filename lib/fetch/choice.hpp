#pragma once

#include <cstdint>

#include "fetch/context.hpp"
#include "fetch/item.hpp"

namespace popkeep::fetch {

/// How many new messages --limit still lets this run archive.
std::uint64_t left_of_limit(const Context& context);

/// Chooses which of the wanted messages come now: by --limit, then by room. Returns the octets that lack
/// room.
std::uint64_t choose(const Context& context, Items& items);

/// Whether some are beyond --limit although it has room for them by now: contents showed that what took
/// their place isn't new.
bool has_room_for_more(const Context& context, const Items& items);

}  // namespace popkeep::fetch
