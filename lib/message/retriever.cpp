#include "message/retriever.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.hpp"
#include "message/facts.hpp"
#include "message/fields.hpp"

namespace popkeep::message {
namespace {

// The field at the beginning of `header` with its continuation lines; empty at the section's end.
std::string_view first_field(std::string_view header) {
    if (header.empty() || header.starts_with('\n') || header.starts_with("\r\n")) return {};
    std::size_t end = 0;
    do {
        end = header.find('\n', end);
        if (end == std::string_view::npos) return header;
        ++end;
    } while (end < header.size() && (header[end] == ' ' || header[end] == '\t'));
    return header.substr(0, end);
}

bool is_retrievers(std::string_view received) {
    constexpr std::array marks{"(mpop-", "(fetchmail-", "POP3 getmail", "POP3-SSL getmail"};
    return std::ranges::any_of(
        marks, [&](const char* mark) { return received.find(mark) != std::string_view::npos; });
}

}  // namespace

std::optional<Original> without_retriever(std::string_view header) {
    std::size_t begin = 0, end = 0;  // of what was added
    for (;;) {
        const std::string_view field = first_field(header.substr(end));
        const std::string name = lowered(field_name(field));
        const std::size_t above = begin;
        begin = end;
        end += field.size();
        if (name == "return-path" || name == "delivered-to") continue;
        if (name != "received" || !is_retrievers(field)) return std::nullopt;
        // getmail's Delivered-To stands right above.
        const bool getmail = field.find("getmail") != std::string_view::npos;
        if (getmail && lowered(field_name(header.substr(above, begin - above))) == "delivered-to")
            begin = above;
        break;
    }
    const std::string_view added = header.substr(begin, end - begin);
    const std::string rest = std::string(header.substr(0, begin)).append(header.substr(end));
    return Original{.header = examine(rest).header, .bytes = added.size(), .lines = count_lines(added)};
}

}  // namespace popkeep::message
