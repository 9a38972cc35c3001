#pragma once

#include <string>
#include <string_view>

namespace popkeep::pop3 {

/// What follows an answer's status line, if that says +OK.
enum class Shape { single_line, multi_line, unknown };

/// A command that a person typed, in capitals for looking at; what is sent stays as it was typed.
struct Command {
    std::string verb;      ///< in upper case
    std::string argument;  ///< blanks around it removed
};

/// Throws Error (usage) for what is not one command line: nothing, control characters, more than 253 octets
/// (RFC 2449 section 4 counts CRLF in its 255).
Command parse_command(std::string_view line);

Shape shape_of(const Command& command);

/// Commands of signing in: in a session that has signed in they are out of place.
bool signs_in(const Command& command);

}  // namespace popkeep::pop3
