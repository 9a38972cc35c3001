#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace popkeep::message {

/// The name of a header line: what stands before its ':', without blanks at the end. Empty if the line is no
/// field (and not for continuation lines, which begin with a blank).
std::string_view field_name(std::string_view line);

/// A Return-Path's value as one word for a postmark, at most 200 bytes: the address between '<' and '>' (or
/// the bare value), each blank and control character a '-'. Empty if there is none.
std::string postmark_sender(std::string_view value);

/// A Content-Length's value: digits and blanks around them only.
std::optional<std::uint64_t> content_length(std::string_view value);

}  // namespace popkeep::message
