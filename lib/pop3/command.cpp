#include "pop3/command.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"

namespace popkeep::pop3 {
namespace {

constexpr std::size_t longest = 253;

std::string uppered(std::string_view ascii) {
    std::string out(ascii);
    for (char& c : out)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return out;
}

std::string_view trimmed(std::string_view text) {
    const auto begin = std::min(text.find_first_not_of(' '), text.size());
    return text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

template <std::size_t N>
bool is_one_of(const std::string& verb, const std::array<std::string_view, N>& verbs) {
    return std::ranges::find(verbs, verb) != verbs.end();
}

}  // namespace

Command parse_command(std::string_view line) {
    const bool odd =
        std::ranges::any_of(line, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    if (odd) throw Error(Category::usage, "a command can't hold control characters");
    if (line.size() > longest)
        throw Error(Category::usage, "the command is longer than the 255 octets that POP3 allows");
    const auto text = trimmed(line);
    if (text.empty()) throw Error(Category::usage, "there is no command");
    const auto blank = std::min(text.find(' '), text.size());
    return {uppered(text.substr(0, blank)), std::string(trimmed(text.substr(blank)))};
}

Shape shape_of(const Command& command) {
    static constexpr std::array<std::string_view, 3> multi{"CAPA", "RETR", "TOP"};
    static constexpr std::array<std::string_view, 3> listing{"LIST", "UIDL", "LANG"};  // of all, or of one
    static constexpr std::array<std::string_view, 6> single{"STAT", "DELE", "RSET", "NOOP", "QUIT", "UTF8"};
    if (is_one_of(command.verb, multi)) return Shape::multi_line;
    if (is_one_of(command.verb, listing))
        return command.argument.empty() ? Shape::multi_line : Shape::single_line;
    return is_one_of(command.verb, single) ? Shape::single_line : Shape::unknown;
}

bool signs_in(const Command& command) {
    static constexpr std::array<std::string_view, 5> verbs{"USER", "PASS", "APOP", "AUTH", "STLS"};
    return is_one_of(command.verb, verbs);
}

}  // namespace popkeep::pop3
