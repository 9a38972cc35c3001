#include "message/received_date.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/date.hpp"
#include "base/text.hpp"

namespace popkeep::message {
namespace {

using std::chrono::seconds;

// RFC 5322 comments nest and may hold ';'. A quoted string may hold '('.
std::optional<std::string> without_comments(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    std::size_t depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\\' && (quoted || depth > 0)) {
            ++i;
            continue;
        }
        if (c == '"' && depth == 0) quoted = !quoted;
        if (c == ')' && !quoted && depth-- == 0) return std::nullopt;
        if (c == '(' && !quoted) ++depth;
        if (depth == 0) out += c == ')' ? ' ' : c;
    }
    if (depth > 0 || quoted) return std::nullopt;
    return out;
}

std::vector<std::string_view> words(std::string_view text) {
    constexpr std::string_view separators = " \t\r\n,";
    std::vector<std::string_view> out;
    for (std::size_t at = text.find_first_not_of(separators); at != std::string_view::npos;
         at = text.find_first_not_of(separators, at)) {
        const std::size_t end = std::min(text.find_first_of(separators, at), text.size());
        out.push_back(text.substr(at, end - at));
        at = end;
    }
    return out;
}

template <std::size_t N>
std::optional<unsigned> position(const std::array<std::string_view, N>& names, std::string_view word) {
    const auto at = std::ranges::find_if(names, [&](auto name) { return equal_ignoring_case(name, word); });
    if (at == names.end()) return std::nullopt;
    return static_cast<unsigned>(at - names.begin());
}

// A number of at most `width` digits, up to `greatest`.
std::optional<unsigned> number(std::string_view digits, std::size_t width, unsigned greatest) {
    const auto value = parse_number(digits);
    if (!value || digits.size() > width || *value > greatest) return std::nullopt;
    return static_cast<unsigned>(*value);
}

std::optional<int> year(std::string_view digits) {
    const auto value = number(digits, 4, 9999);
    if (!value || digits.size() < 2) return std::nullopt;
    // RFC 5322 4.3: what two and three digits mean.
    const auto given = static_cast<int>(*value);
    if (digits.size() == 2) return given + (given < 50 ? 2000 : 1900);
    if (digits.size() == 3) return given + 1900;
    return given;
}

std::optional<seconds> time_of_day(std::string_view text) {
    const auto parts = split(text, ':');
    if (parts.size() < 2 || parts.size() > 3) return std::nullopt;
    const auto hour = number(parts[0], 2, 23);
    const auto minute = number(parts[1], 2, 59);
    const auto second = parts.size() == 3 ? number(parts[2], 2, 60) : 0U;
    if (!hour || !minute || !second) return std::nullopt;
    return seconds(*hour * 3600L + *minute * 60L + *second);
}

std::optional<seconds> zone(std::string_view word) {
    if (word.size() == 5 && (word[0] == '+' || word[0] == '-')) {
        const auto hours = number(word.substr(1, 2), 2, 23);
        const auto minutes = number(word.substr(3), 2, 59);
        if (!hours || !minutes) return std::nullopt;
        const seconds offset(*hours * 3600L + *minutes * 60L);
        return word[0] == '-' ? -offset : offset;
    }
    struct Named {
        std::string_view name;
        int hours;
    };
    static constexpr std::array<Named, 12> named{{{"UT", 0},
                                                  {"GMT", 0},
                                                  {"UTC", 0},
                                                  {"Z", 0},
                                                  {"EST", -5},
                                                  {"EDT", -4},
                                                  {"CST", -6},
                                                  {"CDT", -5},
                                                  {"MST", -7},
                                                  {"MDT", -6},
                                                  {"PST", -8},
                                                  {"PDT", -7}}};
    for (const auto& [name, hours] : named) {
        if (equal_ignoring_case(name, word)) return std::chrono::hours(hours);
    }
    return std::nullopt;
}

std::optional<std::int64_t> date_time(std::span<const std::string_view> word) {
    static constexpr std::array<std::string_view, 7> weekdays{"Mon", "Tue", "Wed", "Thu",
                                                              "Fri", "Sat", "Sun"};
    static constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (!word.empty() && position(weekdays, word[0])) word = word.subspan(1);
    if (word.size() != 5) return std::nullopt;
    const auto day = number(word[0], 2, 31);
    const auto month = position(months, word[1]);
    const auto in_year = year(word[2]);
    const auto time = time_of_day(word[3]);
    const auto offset = zone(word[4]);
    if (!day || !month || !in_year || !time || !offset) return std::nullopt;
    const std::chrono::year_month_day date(std::chrono::year(*in_year), std::chrono::month(*month + 1),
                                           std::chrono::day(*day));
    if (!date.ok()) return std::nullopt;
    const auto at = std::chrono::sys_days(date) + *time - *offset;
    const std::int64_t since_1970 = at.time_since_epoch().count();
    return is_date(since_1970) ? std::optional(since_1970) : std::nullopt;
}

}  // namespace

std::optional<std::int64_t> received_date(std::string_view value) {
    const auto plain = without_comments(value);
    if (!plain) return std::nullopt;
    const std::size_t semicolon = plain->rfind(';');
    if (semicolon == std::string::npos) return std::nullopt;
    return date_time(words(std::string_view(*plain).substr(semicolon + 1)));
}

}  // namespace popkeep::message
