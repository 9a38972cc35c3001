#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"

namespace popkeep::pop3 {

/// One message as LIST and UIDL show it. The number is valid in this session only (RFC 1939 section 8).
struct Listed {
    std::uint32_t number = 0;
    std::optional<std::uint64_t> octets;  ///< by LIST; advisory. Nothing: not given or not a number
    std::string uid;  ///< verbatim, any bytes; beyond 255 octets "sha256:" + its digest in hex;
                      ///< empty: the server gave none
};

/// The maildrop as listed, ascending by number.
struct Listing {
    std::vector<Listed> messages;
    bool has_uids = false;              ///< UIDL worked
    std::vector<std::string> oddities;  ///< what was wrong with the answers, a sentence each, at most 20
    Digest digest{};                    ///< over numbers, sizes and UIDs: equal listings have equal digests
    std::uint64_t octets() const;       ///< sum of the known sizes
};

}  // namespace popkeep::pop3
