#include "config/template.hpp"

#include <fmt/format.h>

#include <ctime>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "config/host.hpp"
#include "config/values.hpp"

namespace popkeep::config {
namespace {

constexpr std::string_view placeholder = "{account}";
/// Leaves room for ".mbox" and a date within longest_part.
constexpr std::size_t longest_name = 200;
/// Leaves room for a roll-over's number and ".lock" within a file system's 255 bytes.
constexpr std::size_t longest_part = 240;

[[noreturn]] void refuse(std::string_view text, std::string_view why) {
    throw Error(Category::usage, fmt::format("'{}' is no name for an mbox: {}", printable(text, 80), why))
        .next("write something like {account}.mbox or {account}/%Y-%m.mbox");
}

std::string date_part(char letter, const std::tm& date) {
    switch (letter) {
        case 'Y':
            return fmt::format("{:04}", date.tm_year + 1900);
        case 'm':
            return fmt::format("{:02}", date.tm_mon + 1);
        case 'd':
            return fmt::format("{:02}", date.tm_mday);
        default:
            return {};
    }
}

/// The text with its placeholders filled in; what isn't one is refused.
std::string filled(std::string_view text, std::string_view account, const std::tm& date) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        if (text.substr(i).starts_with(placeholder)) {
            out += account;
            i += placeholder.size();
        } else if (text[i] == '{' || text[i] == '}') {
            refuse(text, "the only word in braces is {account}");
        } else if (text[i] == '%') {
            const std::string part = i + 1 < text.size() ? date_part(text[i + 1], date) : "";
            if (part.empty()) refuse(text, "after '%' only Y, m and d are allowed");
            out += part;
            i += 2;
        } else {
            out += text[i++];
        }
    }
    return out;
}

/// Only a path that is filled in can be judged: an account may be named "x.lock". `told` is what people know.
void check_path(std::string_view path, std::string_view told) {
    if (path.starts_with('/')) refuse(told, "it must be relative to the archive");
    for (const std::string_view part : split(path, '/')) {
        if (part.empty()) refuse(told, "a part of the path is empty");
        if (part.starts_with('.')) refuse(told, "no part of the path may begin with '.'");
        if (part.size() > longest_part)
            refuse(told, fmt::format("a part of the path is longer than {} bytes", longest_part));
        if (part.ends_with(".lock")) refuse(told, "names in .lock are for the locks of mail programs");
    }
}

}  // namespace

std::string account_file_name(std::string_view account) {
    std::string out;
    for (std::size_t i = 0; i < account.size(); ++i) {
        const auto c = static_cast<unsigned char>(account[i]);
        if (c < 0x20 || c == 0x7F || c == '/' || c == '%' || (c == '.' && i == 0)) {
            out += fmt::format("%{:02X}", c);
        } else {
            out += account[i];
        }
    }
    if (out.size() <= longest_name) return out;
    std::size_t end = longest_name - 17;
    while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xC0U) == 0x80) --end;
    return out.substr(0, end) + "~" + to_hex(sha256(account)).substr(0, 16);
}

std::string parse_file_template(std::string_view text) {
    if (text.empty() || text.size() > 255) refuse(text, "it must have 1 to 255 bytes");
    if (!is_plain_text(text)) refuse(text, "it holds control characters or isn't UTF-8");
    std::tm some_day{};
    some_day.tm_mday = 1;
    check_path(filled(text, "account", some_day), text);
    return std::string(text);
}

std::string expand_file_template(std::string_view file_template, std::string_view account,
                                 std::int64_t seconds) {
    const std::time_t time = seconds;
    std::tm date{};
    gmtime_r(&time, &date);
    std::string path = filled(file_template, account_file_name(account), date);
    check_path(path, path);
    return path;
}

}  // namespace popkeep::config
