#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Messages decoded for people to read (MIME, RFC 2047). Never on the way into an archive: what is wrong here
/// spoils a display, not a message. Results have passed printable().
namespace popkeep::mime {

/// What of a header section is decoded; decoders need many times the size of hostile input.
inline constexpr std::size_t most_header = 64 * 1024;

/// A message in a line.
struct Summary {
    std::string from;  ///< the name, else the address; empty: none
    std::string subject;
    std::optional<std::int64_t> date;  ///< of the Date field, Unix time
};

/// `message`: at least the header section; what stands beyond it or beyond most_header isn't looked at.
Summary summarise(std::string_view message);

}  // namespace popkeep::mime
