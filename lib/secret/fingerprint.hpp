#pragma once

#include <cstdint>
#include <string_view>

namespace popkeep::secret {

/// 16 bits of a salted SHA-256: enough to see that a refused password was changed since, far too few to guess
/// it from (one candidate in 65,536 matches). `salt` is random and kept with the fingerprint.
std::uint16_t fingerprint(std::string_view password, std::string_view salt);

}  // namespace popkeep::secret
