#pragma once

#include <cstdint>
#include <string>

namespace popkeep::archive {

/// Where an mbox goes on that can't grow any more: `first` itself is part 1, then come "name.2.mbox",
/// "name.3.mbox" and so on. A number in the name of `first` says nothing.
std::string part_of(const std::string& first, std::uint64_t number);

}  // namespace popkeep::archive
