#include <algorithm>
#include <ctime>
#include <limits>

#include "base/text.hpp"
#include "fuzz/split.hpp"
#include "fuzz/target.hpp"
#include "mbox/format.hpp"
#include "message/fields.hpp"
#include "message/received_date.hpp"

namespace popkeep::fuzz {
namespace {

std::int64_t take_time(std::string_view& input) {
    std::uint64_t bits = 0;
    for (int i = 0; i < 8; ++i) bits = bits << 8U | take_byte(input);
    return static_cast<std::int64_t>(bits);
}

std::string rfc5322(std::int64_t time) {
    const std::time_t seconds = time;
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[64];
    return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S +0000", &parts)};
}

}  // namespace

// Eight bytes of a time, then the value of a Return-Path or a Received field.
void postmark(std::string_view input) {
    const std::int64_t time = take_time(input);
    std::string line = mbox::make_postmark(message::postmark_sender(input), time);
    require(count_lines(line) == 1 && line.back() == '\n', "a postmark is one line");
    line.pop_back();
    require(mbox::is_own_postmark(line), "popkeep knows its own postmarks");
    require(line.size() <= 5 + 200 + 1 + 24, "a postmark is bounded");
    require(!mbox::is_own_postmark(input) || mbox::is_postmark(input), "one of ours is one");

    const auto date = message::received_date(input);
    require(!date || *date >= 0, "no date before 1970");
    constexpr std::int64_t end_of_9999 = 253402300799;
    const std::int64_t sane = std::clamp<std::int64_t>(time, 0, end_of_9999);
    std::string field = "from a by b";
    for (const char c : input) {
        // As comments of the field may have it.
        if (c != '(' && c != ')' && c != '\\') field += c == '"' || c == ';' ? ' ' : c;
    }
    require(message::received_date(field + "; " + rfc5322(sane)) == sane,
            "a date that was written is read back");
}

}  // namespace popkeep::fuzz
