#pragma once

#include <string_view>

#include "base/error.hpp"

namespace popkeep::pop3 {

/// Why a sign-in by Kerberos came to nothing on our side. `words`: the Kerberos library's, as libcurl passes
/// them on, in English as long as LC_MESSAGES isn't set; perhaps empty.
Error ticket_error(std::string_view words);

}  // namespace popkeep::pop3
