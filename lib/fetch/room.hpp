#pragma once

#include <cstdint>
#include <string>

#include "fetch/item.hpp"

namespace popkeep::fetch {

/// Marks as no_room the wanted messages that won't fit on the disk or into a file, by LIST; the first ones
/// that fit stay wanted. Returns the octets that lack room.
std::uint64_t leave_out_what_lacks_room(const std::string& archive, Items& items);

}  // namespace popkeep::fetch
