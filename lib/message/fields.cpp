#include "message/fields.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "message/facts.hpp"

namespace popkeep::message {
namespace {

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::string_view cut(std::string_view text, std::size_t limit) {
    if (text.size() <= limit) return text;
    // Not inside a UTF-8 sequence.
    while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0U) == 0x80) --limit;
    return text.substr(0, limit);
}

}  // namespace

bool is_readers_field(std::string_view name) {
    static constexpr std::array<std::string_view, 12> names{
        "Status",         "X-Status",    "X-Keywords",       "X-UID",
        "X-IMAP",         "X-IMAPbase",  "X-Mozilla-Status", "X-Mozilla-Status2",
        "X-Mozilla-Keys", "X-Evolution", "Content-Length",   "Lines"};
    return std::ranges::any_of(names, [&](auto known) { return equal_ignoring_case(known, name); });
}

std::string_view field_name(std::string_view line) {
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (c == ':') {
            while (i > 0 && (line[i - 1] == ' ' || line[i - 1] == '\t')) --i;
            return line.substr(0, i);
        }
        if (c == '\n') break;
    }
    return {};
}

std::string postmark_sender(std::string_view value) {
    const std::size_t open = value.find('<');
    const std::size_t close = value.rfind('>');
    if (open != std::string_view::npos && close != std::string_view::npos && open < close) {
        value = value.substr(open + 1, close - open - 1);
    }
    std::string sender(cut(trimmed(value), 200));
    for (char& c : sender) {
        if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7F) c = '-';
    }
    return sender;
}

std::optional<std::uint64_t> content_length(std::string_view value) {
    return parse_number(trimmed(value));
}

}  // namespace popkeep::message
