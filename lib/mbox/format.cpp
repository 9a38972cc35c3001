#include "mbox/format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "base/date.hpp"
#include "mbox/find_from.hpp"

namespace popkeep::mbox {
namespace {

constexpr std::array<std::string_view, 7> weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// "Thu Jan "
bool begins_asctime(std::string_view date) {
    return date.size() >= 8 && date[3] == ' ' && date[7] == ' ' &&
           std::ranges::find(weekdays, date.substr(0, 3)) != weekdays.end() &&
           std::ranges::find(months, date.substr(4, 3)) != months.end();
}

// "Thu Jan  1 00:00:00 1970": each byte is of the kind that stands in the pattern, and the names are names.
bool is_asctime(std::string_view date) {
    constexpr std::string_view pattern = "aaa aaa bd dd:dd:dd dddd";  // b: blank or digit
    if (date.size() != pattern.size()) return false;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const char c = date[i];
        const bool digit = c >= '0' && c <= '9';
        const char kind = pattern[i];
        if (kind == 'd' && !digit) return false;
        if (kind == 'b' && !digit && c != ' ') return false;
        if ((kind == ' ' || kind == ':') && c != kind) return false;
    }
    return begins_asctime(date);
}

}  // namespace

std::string make_postmark(std::string_view sender, std::int64_t time) {
    const std::time_t seconds = std::clamp<std::int64_t>(time, 0, end_of_9999);
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    return fmt::format("From {} {} {} {:2} {:02}:{:02}:{:02} {}\n", sender.empty() ? "MAILER-DAEMON" : sender,
                       weekdays.at(static_cast<std::size_t>(utc.tm_wday)),
                       months.at(static_cast<std::size_t>(utc.tm_mon)), utc.tm_mday, utc.tm_hour, utc.tm_min,
                       utc.tm_sec, utc.tm_year + 1900);
}

bool is_postmark(std::string_view line) {
    return line.starts_with(from) && line.size() > from.size() && line.substr(from.size()) != "\r";
}

bool is_dated_postmark(std::string_view line) {
    if (!line.starts_with(from)) return false;
    for (std::size_t blank = from.size() - 1; blank != std::string_view::npos;
         blank = line.find(' ', blank + 1)) {
        if (begins_asctime(line.substr(blank + 1))) return true;
    }
    return false;
}

bool is_own_postmark(std::string_view line) {
    constexpr std::size_t date = 24;
    if (!line.starts_with(from) || line.size() < from.size() + 2 + date) return false;
    const std::string_view word = line.substr(from.size(), line.size() - from.size() - date - 1);
    const bool one_word =
        std::ranges::none_of(word, [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7F; });
    return one_word && line[line.size() - date - 1] == ' ' && is_asctime(line.substr(line.size() - date));
}

}  // namespace popkeep::mbox
