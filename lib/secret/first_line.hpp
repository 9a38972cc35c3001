#pragma once

#include <string>

namespace popkeep::secret {

/// The first line of `text` without its LF or CRLF; `text` is wiped. The rest is what programs such as
/// pass(1) keep beneath a password.
std::string first_line(std::string& text);

}  // namespace popkeep::secret
