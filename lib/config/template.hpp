#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace popkeep::config {

/// An account's name as a file name: '/', '%', control characters and a leading dot become %XX.
std::string account_file_name(std::string_view account);

/// The mbox's path relative to the archive: {account}, and %Y, %m, %d of `seconds` (since 1970) in UTC.
/// `file_template` has passed parse_file_template. Throws (usage) if the path is no name for an mbox.
std::string expand_file_template(std::string_view file_template, std::string_view account,
                                 std::int64_t seconds);

}  // namespace popkeep::config
