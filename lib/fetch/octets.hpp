#pragma once

#include <cstdint>
#include <optional>

namespace popkeep::fetch {

/// True if a message of so many octets is as long as LIST said, as far as it said. Dovecot lists an empty
/// message with 0 octets and sends an empty line for it.
constexpr bool as_listed(std::optional<std::uint64_t> listed, std::uint64_t received) {
    return !listed || *listed == received || (*listed == 0 && received == 2);
}

}  // namespace popkeep::fetch
