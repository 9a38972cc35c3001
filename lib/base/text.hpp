#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace popkeep {

/// `bytes` made safe for terminals, logs and JSON: control characters become \r \n \t or \xHH, bytes that
/// aren't valid UTF-8 become \xHH, and anything beyond `limit` bytes of input is cut with "…".
std::string printable(std::string_view bytes, std::size_t limit = 400);

/// Decimal digits only (no sign, no blanks, at least one), within 64 bits; anything else is nothing.
std::optional<std::uint64_t> parse_number(std::string_view digits);

/// "30d", "12h", "90m", "45s" or "2w" in seconds; a unit is required.
std::optional<std::int64_t> parse_duration(std::string_view text);

/// "512 B", "4.0 KiB", "1.2 GiB".
std::string human_size(std::uint64_t bytes);

/// "1 message", "5 messages", "12,345 messages".
std::string counted(std::uint64_t count, std::string_view singular, std::string_view plural);
std::string counted_messages(std::uint64_t count);

/// "0.4 s", "12 s", "3 min 20 s", "2 h 05 min".
std::string human_duration(double seconds);

std::string lowered(std::string_view ascii);
bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;
/// How many LFs there are; at memory speed.
std::size_t count_lines(std::string_view text) noexcept;
std::vector<std::string_view> split(std::string_view text, char separator);

/// The candidate nearest to `typed` by edit distance, if it is near enough to be meant.
std::optional<std::string> nearest(std::string_view typed, const std::vector<std::string>& candidates);

}  // namespace popkeep
