#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "base/wide.hpp"

namespace popkeep {
namespace {

// Length of the valid UTF-8 sequence at the start of `s`, 0 if there is none or it is a C1 control.
std::size_t utf8_length(std::string_view s) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
    const unsigned lead = byte(0);
    std::size_t length = 0;
    unsigned code = 0;
    if (lead >= 0xC2 && lead <= 0xDF) {
        length = 2, code = lead & 0x1FU;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
        length = 3, code = lead & 0x0FU;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        length = 4, code = lead & 0x07U;
    } else {
        return 0;
    }
    if (s.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80) return 0;
        code = code << 6U | (byte(i) & 0x3FU);
    }
    const std::array<unsigned, 5> least{0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    const bool control = code < 0xA0;
    // U+202A–202E and U+2066–2069 reorder what a terminal shows.
    const bool bidi = (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
    return code < least.at(length) || code > 0x10FFFF || surrogate || control || bidi ? 0 : length;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), 0U);
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, changed});
        }
    }
    return row.back();
}

}  // namespace

std::string printable(std::string_view bytes, std::size_t limit) {
    std::string out;
    const std::string_view shown = bytes.substr(0, limit);
    for (std::size_t i = 0; i < shown.size();) {
        const auto c = static_cast<unsigned char>(shown[i]);
        if (c >= 0x20 && c < 0x7F) {
            out += shown[i++];
        } else if (const std::size_t n = c < 0x80 ? 0 : utf8_length(bytes.substr(i)); n != 0) {
            out += bytes.substr(i, n);
            i += n;
        } else {
            if (c == '\n') {
                out += "\\n";
            } else if (c == '\r') {
                out += "\\r";
            } else if (c == '\t') {
                out += "\\t";
            } else {
                out += fmt::format("\\x{:02x}", c);
            }
            ++i;
        }
    }
    if (bytes.size() > limit) out += "…";
    return out;
}

std::optional<std::uint64_t> parse_number(std::string_view digits) {
    std::uint64_t value = 0;
    const char* end = digits.data() + digits.size();
    const auto [at, problem] = std::from_chars(digits.data(), end, value);
    if (digits.empty() || problem != std::errc() || at != end) return std::nullopt;
    return value;
}

std::optional<std::int64_t> parse_duration(std::string_view text) {
    if (text.size() < 2) return std::nullopt;
    std::uint64_t unit = 0;
    switch (text.back()) {
        case 's':
            unit = 1;
            break;
        case 'm':
            unit = 60;
            break;
        case 'h':
            unit = 3600;
            break;
        case 'd':
            unit = 86400;
            break;
        case 'w':
            unit = 604800;
            break;
        default:
            return std::nullopt;
    }
    const auto count = parse_number(text.substr(0, text.size() - 1));
    constexpr std::uint64_t century = 100ULL * 366 * 86400;
    if (!count || *count > century / unit) return std::nullopt;
    return static_cast<std::int64_t>(*count * unit);
}

std::string human_size(std::uint64_t bytes) {
    if (bytes < 1024) return fmt::format("{} B", bytes);
    constexpr std::array units{"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    double value = static_cast<double>(bytes) / 1024;
    std::size_t unit = 0;
    while (value >= 1023.95 && unit + 1 < units.size()) value /= 1024, ++unit;
    return fmt::format("{:.1f} {}", value, units.at(unit));
}

std::string counted(std::uint64_t count, std::string_view singular, std::string_view plural) {
    std::string digits = std::to_string(count);
    for (std::size_t i = digits.size(); i > 3;) digits.insert(i -= 3, 1, ',');
    return fmt::format("{} {}", digits, count == 1 ? singular : plural);
}

std::string counted_messages(std::uint64_t count) {
    return counted(count, "message", "messages");
}

std::string human_duration(double seconds) {
    if (seconds < 9.95) return fmt::format("{:.1f} s", seconds);
    const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
    if (whole < 60) return fmt::format("{} s", whole);
    if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
    return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

std::string lowered(std::string_view ascii) {
    std::string out(ascii);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::ranges::equal(a, b, {}, lower, lower);
}

POPKEEP_WIDE std::size_t count_lines(std::string_view text) noexcept {
    // Blocks of a fixed size with a narrow sum are what compilers turn into vector code at -O2 too.
    constexpr std::size_t block = 64;
    std::size_t count = 0;
    for (; text.size() >= block; text.remove_prefix(block)) {
        std::uint8_t in_block = 0;
        for (std::size_t i = 0; i < block; ++i) {
            in_block = static_cast<std::uint8_t>(in_block + (text[i] == '\n' ? 1 : 0));
        }
        count += in_block;
    }
    for (const char c : text) count += c == '\n' ? 1U : 0U;
    return count;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (std::size_t at = 0;;) {
        const std::size_t end = text.find(separator, at);
        parts.push_back(text.substr(at, end - at));
        if (end == std::string_view::npos) return parts;
        at = end + 1;
    }
}

std::optional<std::string> nearest(std::string_view typed, const std::vector<std::string>& candidates) {
    std::optional<std::string> best;
    std::size_t best_distance = std::max<std::size_t>(2, typed.size() / 3) + 1;
    for (const std::string& candidate : candidates) {
        const std::size_t distance = edit_distance(typed, candidate);
        if (distance < best_distance) best_distance = distance, best = candidate;
    }
    return best;
}

}  // namespace popkeep
