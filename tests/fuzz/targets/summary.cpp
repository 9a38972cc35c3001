#include "mime/summary.hpp"

#include <string>

#include "base/base64.hpp"
#include "base/date.hpp"
#include "base/text.hpp"
#include "fuzz/target.hpp"
#include "mime/field.hpp"

namespace popkeep::fuzz {
namespace {

using mime::Summary;

constexpr std::size_t most_text = 4 * 200 + 8;  // each byte may be escaped

bool is_field(std::string_view text) {
    return printable(text, text.size()) == text && text.size() <= most_text;
}

bool same(const Summary& a, const Summary& b) {
    return a.from == b.from && a.subject == b.subject && a.date == b.date;
}

/// As mailers encode what isn't ASCII (RFC 2047).
std::string encoded(std::string_view text) {
    return "=?utf-8?B?" + base64(text) + "?=";
}

}  // namespace

// Any message, as `popkeep list` shows it in a line.
void summary(std::string_view input) {
    const Summary shown = mime::summarise(input);
    require(is_field(shown.from) && is_field(shown.subject), "names and subjects can be printed");
    require(!shown.date || is_date(*shown.date), "a date has a year of four digits");

    const std::string header(input.substr(0, input.find("\n\n")));
    require(same(mime::summarise(header + "\n\nSubject: of the body\nFrom: nobody\n"), shown),
            "only the header section is looked at");

    const std::string field = mime::printable_field(input, 200);
    require(is_field(field), "a field can be printed");
    const bool is_word = !field.empty() && field == input;
    if (is_word && field.front() != ' ' && field.back() != ' ')
        require(mime::summarise("Subject: " + encoded(field) + "\n\n").subject == field,
                "what was encoded is decoded");
}

}  // namespace popkeep::fuzz
