#include "report/colour.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "base/error.hpp"
#include "base/text.hpp"
#include "report/output.hpp"

namespace popkeep::report {
namespace {

When chosen = When::automatic;

bool wanted(bool terminal) {
    if (chosen != When::automatic) return chosen == When::always;
    // https://no-color.org: set and not empty, whatever it says.
    const char* no = std::getenv("NO_COLOR");
    const char* term = std::getenv("TERM");
    return terminal && (no == nullptr || *no == '\0') && term != nullptr && std::string_view(term) != "dumb";
}

std::string escaped(Colour colour, std::string_view text) {
    const int code = colour == Colour::bold ? 1 : colour == Colour::red ? 31 : 33;
    return fmt::format("\033[{}m{}\033[0m", code, text);
}

}  // namespace

When parse_when(std::string_view text) {
    if (text == "auto") return When::automatic;
    if (text == "always") return When::always;
    if (text == "never") return When::never;
    throw Error(Category::usage, fmt::format("'{}' is not a time for colours", printable(text, 60)))
        .next("give auto, always or never");
}

void set_colour(When when) {
    chosen = when;
}

std::string painted(Colour colour, std::string_view text) {
    return wanted(out_is_terminal()) ? escaped(colour, text) : std::string(text);
}

std::string painted_for_err(Colour colour, std::string_view text) {
    return wanted(err_is_terminal()) ? escaped(colour, text) : std::string(text);
}

std::string painted_lead(Colour colour, std::string_view lead, std::string_view text) {
    if (!text.starts_with(lead)) return std::string(text);
    return painted(colour, lead) + std::string(text.substr(lead.size()));
}

}  // namespace popkeep::report
