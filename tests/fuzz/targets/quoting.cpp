#include <algorithm>
#include <string>

#include "fuzz/split.hpp"
#include "fuzz/target.hpp"
#include "mbox/format.hpp"

namespace popkeep::fuzz {
namespace {

template <typename Filter>
std::string filtered(const std::vector<std::string_view>& pieces) {
    Filter filter;
    std::string out;
    for (const auto piece : pieces) filter.feed(piece, out);
    filter.finish(out);
    return out;
}

/// The definition, line by line: one more '>' (or one less) where a line matches ^>*From␣ (or ^>+From␣).
std::string line_by_line(std::string_view text, bool quotes) {
    std::string out;
    while (!text.empty()) {
        const auto line = text.substr(0, std::min(text.find('\n'), text.size() - 1) + 1);
        text.remove_prefix(line.size());
        const auto marks = std::min(line.find_first_not_of('>'), line.size());
        const bool matches = line.substr(marks).starts_with("From ");
        if (matches && quotes) out += '>';
        out += matches && !quotes && marks > 0 ? line.substr(1) : line;
    }
    return out;
}

}  // namespace

void quoting(std::string_view input) {
    const unsigned seed = take_byte(input);
    std::string quoted;
    mbox::quote(input, quoted);
    require(quoted == line_by_line(input, true), "quoting is what its definition says");
    require(filtered<mbox::Quoter>(pieces_of(input, seed)) == quoted, "pieces make no difference to quoting");

    const std::string unquoted = filtered<mbox::Unquoter>({input});
    require(unquoted == line_by_line(input, false), "unquoting is what its definition says");
    require(filtered<mbox::Unquoter>(pieces_of(input, seed)) == unquoted,
            "pieces make no difference to unquoting");
    require(filtered<mbox::Unquoter>(pieces_of(quoted, seed)) == input, "unquoting undoes quoting");
}

}  // namespace popkeep::fuzz
