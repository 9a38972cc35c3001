#include "pop3/reply.hpp"

#include <array>
#include <utility>

#include "base/text.hpp"

namespace popkeep::pop3 {
namespace {

constexpr std::size_t longest_text = 512;

/// The code in "[SYS/TEMP] text". Unknown levels behind a known prefix are ignored (RFC 2449 section 8).
ResponseCode code_of(std::string_view text) {
    if (!text.starts_with('[')) return ResponseCode::none;
    const auto close = text.find(']');
    if (close == std::string_view::npos) return ResponseCode::none;
    const auto code = text.substr(1, close - 1);

    static constexpr std::array<std::pair<std::string_view, ResponseCode>, 6> known{{
        {"IN-USE", ResponseCode::in_use},
        {"LOGIN-DELAY", ResponseCode::login_delay},
        {"SYS/TEMP", ResponseCode::sys_temp},
        {"SYS/PERM", ResponseCode::sys_perm},
        {"AUTH", ResponseCode::auth},
        {"UTF8", ResponseCode::utf8},
    }};
    for (const auto& [name, value] : known) {
        const bool whole =
            code.size() == name.size() || (code.size() > name.size() && code[name.size()] == '/');
        if (whole && equal_ignoring_case(code.substr(0, name.size()), name)) return value;
    }
    return ResponseCode::unknown;
}

}  // namespace

std::optional<Reply> parse_reply(std::string_view line) {
    Reply reply;
    if (line.starts_with("+OK")) {
        reply.ok = true;
        line.remove_prefix(3);
    } else if (line.starts_with("-ERR")) {
        line.remove_prefix(4);
    } else {
        return std::nullopt;
    }
    while (line.starts_with(' ') || line.starts_with('\t')) line.remove_prefix(1);
    reply.code = code_of(line);
    reply.text = line.substr(0, longest_text);
    return reply;
}

}  // namespace popkeep::pop3
