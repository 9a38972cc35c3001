#include <algorithm>

#include "mbox/find_from.hpp"
#include "mbox/format.hpp"

// Whether a run of '>' at a line start is quoted or unquoted shows only behind it, and it may be as long as
// the message. But one '>' is as good as another: the run is passed on as it comes, the quoter adds its '>'
// at the end of the run, and the unquoter keeps one back.
namespace popkeep::mbox {
namespace {

enum class Way { quote, unquote };

template <Way way>
std::string_view held_mark(const LineStart& line) {
    return way == Way::unquote && line.marked ? ">" : "";
}

// Goes on with a line of which earlier pieces brought a part; returns how much of `piece` that took.
template <Way way>
std::size_t resume(LineStart& line, std::string_view piece, std::string& out) {
    std::size_t at = 0;
    if (line.matched == 0) {
        at = std::min(piece.find_first_not_of('>'), piece.size());
        out.append(piece, 0, at);
    }
    while (at < piece.size() && line.matched < from.size() && piece[at] == from[line.matched]) {
        ++at, ++line.matched;
    }
    if (line.matched < from.size() && at == piece.size()) return at;
    if (line.matched == from.size()) {
        out.append(way == Way::quote ? ">" : "").append(from);
    } else {
        out.append(held_mark<way>(line)).append(from.substr(0, line.matched));
    }
    line = {.open = false};
    return at;
}

// What the end of `piece` leaves open. `begins`: the piece begins at a line start.
LineStart line_at_end(std::string_view piece, bool begins) {
    std::size_t matched = std::min(from.size() - 1, piece.size());
    while (!piece.ends_with(from.substr(0, matched))) --matched;
    piece.remove_suffix(matched);
    const std::size_t text = piece.find_last_not_of('>');
    const bool marked = !piece.empty() && piece.back() == '>';
    const bool at_start = text == std::string_view::npos ? begins : piece[text] == '\n';
    return at_start ? LineStart{.open = true, .marked = marked, .matched = matched}
                    : LineStart{.open = false};
}

template <Way way>
void rewrite(LineStart& line, std::string_view piece, std::string& out) {
    if (line.marked || line.matched > 0) piece.remove_prefix(resume<way>(line, piece, out));
    if (piece.empty()) return;
    const bool begins = line.open;
    std::size_t copied = 0;
    std::size_t searched = 0;
    while (true) {
        const std::size_t hit = find_from(piece, searched);
        if (hit == std::string_view::npos) break;
        std::size_t run = hit;
        while (run > searched && piece[run - 1] == '>') --run;
        const bool at_start = run == 0 ? begins : piece[run - 1] == '\n';
        searched = hit + from.size();
        if (!at_start || (way == Way::unquote && run == hit)) continue;
        out.append(piece, copied, hit - copied);
        if constexpr (way == Way::quote) {
            out += '>';
        } else {
            out.pop_back();
        }
        copied = hit;
    }
    // A match reaches to the end of its "From ": what follows it is inside a line.
    line = line_at_end(piece.substr(searched), begins && searched == 0);
    const std::size_t held = line.matched + held_mark<way>(line).size();
    out.append(piece, copied, piece.size() - held - copied);
}

template <Way way>
void end(LineStart& line, std::string& out) {
    out.append(held_mark<way>(line)).append(from.substr(0, line.matched));
    line = {};
}

}  // namespace

void quote(std::string_view content, std::string& out) {
    Quoter quoter;
    quoter.feed(content, out);
    quoter.finish(out);
}

void Quoter::feed(std::string_view content, std::string& out) {
    rewrite<Way::quote>(line_, content, out);
}

void Quoter::finish(std::string& out) {
    end<Way::quote>(line_, out);
}

void Unquoter::feed(std::string_view stored, std::string& out) {
    rewrite<Way::unquote>(line_, stored, out);
}

void Unquoter::finish(std::string& out) {
    end<Way::unquote>(line_, out);
}

}  // namespace popkeep::mbox
