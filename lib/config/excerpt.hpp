#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace popkeep::config {

/// Lines from 1; columns from 1, counted in code points; `end_column` is behind the last one.
struct Place {
    std::size_t line = 1;
    std::size_t column = 1;
    std::size_t end_column = 1;
    bool whole_line = false;  ///< nothing in the line can be a secret
};

/// The line of `text` at `place` with a caret beneath, each line ending with LF:
///
///     12 | delte = …
///        | ^
///
/// Since a file may hold passwords anywhere (behind a mistyped key, in a string of many lines), only what is
/// needed is shown: the key in front, and what stands between the two columns. The rest is "…".
std::string excerpt(std::string_view text, const Place& place);

/// Whether nothing but a header, or the begin of one, is in the line: "[account.NAME]", "[defaults]". What is
/// named otherwise may be an element of a list that begins in front of the line.
bool is_header(std::string_view line);

/// The bytes of line `number`, without its end; empty beyond the last.
std::string_view line_of(std::string_view text, std::size_t number);

}  // namespace popkeep::config
