#include "mime/readable.hpp"

#include <algorithm>
#include <string>

#include "base/text.hpp"
#include "fuzz/target.hpp"

namespace popkeep::fuzz {
namespace {

bool is_printable(std::string_view text) {
    return printable(text, text.size()) == text;
}

bool is_printable_lines(std::string_view text) {
    return std::ranges::all_of(split(text, '\n'), is_printable);
}

/// An escaped byte takes four; each charset's letter is one or several of UTF-8's, of three bytes and more.
constexpr std::size_t most_growth = 16;

}  // namespace

// Any message, as `popkeep show` shows it.
void readable(std::string_view input) {
    const mime::Readable shown = mime::read(input);
    require(shown.fields.size() <= 5, "five fields are shown");
    for (const auto& [name, value] : shown.fields) {
        require(is_printable(value), "a field can be printed");
        require(value.size() <= 4 * 1000 + 8, "a field is bounded");
    }
    require(is_printable_lines(shown.body), "line ends are the only control characters");
    require(shown.body.size() <= most_growth * input.size() + 64, "a body doesn't grow without measure");
    for (const std::string& attachment : shown.attachments) {
        require(is_printable(attachment), "an attachment's line can be printed");
        require(attachment.size() <= 4 * 300 + 64, "an attachment's line is bounded");
    }
    if (input.find('\0') != std::string_view::npos)
        require(!shown.complete, "what may be cut at a NUL isn't complete");
    require(mime::read(input).body == shown.body, "nothing is left of the message before");

    const std::string lines = mime::printable_lines(input);
    require(is_printable_lines(lines) && count_lines(lines) == count_lines(input),
            "any bytes are made printable line by line");
}

}  // namespace popkeep::fuzz
