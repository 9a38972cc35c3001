#pragma once

#include <string>
#include <string_view>

namespace popkeep::mime {

/// Text of a charset in UTF-8. Bytes that don't fit it, or all of them if nobody knows it, stay as they are:
/// whoever shows the text tells them by printable().
std::string to_utf8(std::string_view text, const char* charset);

}  // namespace popkeep::mime
