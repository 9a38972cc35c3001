#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace popkeep::message {

/// The date of a Received field's value (folded or not): what stands behind the last ';' outside comments,
/// by RFC 5322 with its obsolete zones and short years. Unix time; nothing if it is odd in any way or lies
/// before 1970.
std::optional<std::int64_t> received_date(std::string_view value);

}  // namespace popkeep::message
