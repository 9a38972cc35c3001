#include "config/excerpt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/text.hpp"
#include "config/host.hpp"

namespace popkeep::config {
namespace {

constexpr std::size_t widest = 120;

/// The byte at which a column begins.
std::size_t offset_of(std::string_view line, std::size_t column) {
    std::size_t at = 0;
    for (std::size_t seen = 1; at < line.size(); ++at) {
        const bool begins = (static_cast<unsigned char>(line[at]) & 0xC0U) != 0x80;
        if (begins && seen++ == column) break;
    }
    return at;
}

bool is_bare(std::string_view key, std::string_view more) {
    return std::ranges::all_of(key, [more](char c) {
        const bool bare = std::isalnum(static_cast<unsigned char>(c)) != 0;
        return bare || std::string_view("_-.").find(c) != std::string_view::npos ||
               more.find(c) != std::string_view::npos;
    });
}

/// Blanks, a bare key and '=', or the begin of a table's header: nothing that could be a value.
bool is_harmless(std::string_view before) {
    if (before.find_first_not_of(" \t") == std::string_view::npos || is_header(before)) return true;
    const std::size_t equals = before.find('=');
    return equals != std::string_view::npos &&
           before.find_first_not_of(" \t", equals + 1) == std::string_view::npos &&
           is_bare(before.substr(0, equals), " \t");
}

bool is_plain_but_for_tabs(std::string before) {
    std::erase(before, '\t');
    return is_plain_text(before);
}

}  // namespace

bool is_header(std::string_view line) {
    constexpr std::string_view blanks = " \t";
    constexpr std::string_view account = "account.";
    line = line.substr(0, line.find_last_not_of(blanks) + 1);
    line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
    if (!line.starts_with('[')) return false;
    const bool ended = line.ends_with(']');
    const std::size_t begin = line.find_first_not_of('[');
    if (begin == std::string_view::npos) return true;
    line = line.substr(begin, line.find_last_not_of(']') + 1 - begin);
    if (line == "defaults") return true;
    if (!line.starts_with(account)) return account.starts_with(line);
    const std::string_view name = line.substr(account.size());
    const bool quoted = ended && name.size() > 1 && name.starts_with('"') && name.ends_with('"');
    return quoted ? name.substr(1, name.size() - 2).find_first_of("\"=[]") == std::string_view::npos
                  : is_bare(name, "");
}

std::string_view line_of(std::string_view text, std::size_t number) {
    std::size_t at = 0;
    for (; number > 1; --number) {
        at = text.find('\n', at);
        if (at == std::string_view::npos) return {};
        ++at;
    }
    std::string_view line = text.substr(at, text.find('\n', at) - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

std::string excerpt(std::string_view text, const Place& place) {
    const std::string_view line = line_of(text, place.line);
    const std::size_t begin = offset_of(line, place.column);
    const std::size_t end = std::max(begin, offset_of(line, place.end_column));
    const std::string_view before = line.substr(0, begin);
    const std::string_view behind = place.whole_line ? "" : line.substr(end);
    const std::string_view middle = place.whole_line ? line.substr(begin) : line.substr(begin, end - begin);

    const bool show_before =
        before.size() <= widest &&
        (place.whole_line ? is_plain_but_for_tabs(std::string(before)) : is_harmless(before));
    const std::string lead = show_before ? std::string(before) : "… ";
    std::string margin;
    for (const char c : lead) {
        // A tab must stay one; of "…" only the first byte takes a column.
        if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80) margin += c == '\t' ? '\t' : ' ';
    }
    std::string shown = lead + printable(middle, widest);
    if (const std::size_t more = behind.find_first_not_of(" \t"); more != std::string_view::npos) {
        if (!shown.ends_with(' ')) shown += ' ';
        shown += behind[more] == '=' ? "= …" : "…";
    }
    const std::string number = std::to_string(place.line);
    return fmt::format("  {} | {}\n  {:{}} | {}^\n", number, shown, "", number.size(), margin);
}

}  // namespace popkeep::config
