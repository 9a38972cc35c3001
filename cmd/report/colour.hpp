#pragma once

#include <string>
#include <string_view>

/// A little colour, where it helps to find what matters.
namespace popkeep::report {

enum class Colour { bold, red, yellow };
enum class When { automatic, always, never };

/// --color: "auto" (a terminal that isn't dumb, and NO_COLOR isn't set), "always", "never". Throws (usage).
When parse_when(std::string_view text);
void set_colour(When when);

/// `text` for standard output, or for standard error.
std::string painted(Colour colour, std::string_view text);
std::string painted_for_err(Colour colour, std::string_view text);

/// `text` for standard output with its beginning painted, if it does begin with `lead`: lines are broken by
/// their cells before any colour comes in.
std::string painted_lead(Colour colour, std::string_view lead, std::string_view text);

}  // namespace popkeep::report
