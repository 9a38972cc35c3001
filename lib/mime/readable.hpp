#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace popkeep::mime {

/// What of a message is decoded for showing.
inline constexpr std::size_t most_shown = std::size_t{1024} * 1024;

/// A message as a person wants to see it on a terminal. Line ends are the only control characters.
struct Readable {
    std::vector<std::pair<std::string, std::string>>
        fields;                            ///< From, To, Cc, Date, Subject, as far as present
    std::string body;                      ///< text parts, decoded, one behind the other
    std::vector<std::string> attachments;  ///< the other parts: name, type, size
    bool complete = true;  ///< false: cut, at most_shown, in a long line, at a NUL or at the deepest part
};

Readable read(std::string_view message);

/// Every line made printable(); tabs become blanks.
std::string printable_lines(std::string_view text);

}  // namespace popkeep::mime
