#pragma once

#include <string>
#include <string_view>

namespace popkeep::pop3 {

/// `text` with "****" wherever it has `secret`, or a word of base64 that has it: servers repeat passwords in
/// what they refuse. A secret of less than four bytes stays: something as short as that is a part of ordinary
/// words.
std::string masked(std::string_view text, std::string_view secret);

}  // namespace popkeep::pop3
