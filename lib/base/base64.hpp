#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace popkeep {

/// RFC 4648 section 4, padded, on one line.
std::string base64(std::string_view bytes);
/// Section 5: for URLs and file names, without padding.
std::string base64url(std::string_view bytes);
/// The bytes of a section 4 text. Nothing if it isn't one.
std::optional<std::string> base64_decoded(std::string_view text);

}  // namespace popkeep
