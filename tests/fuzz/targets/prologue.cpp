#include "pop3/prologue.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "fuzz/split.hpp"
#include "fuzz/target.hpp"

namespace popkeep::fuzz {
namespace {

using pop3::Prologue;
using Lines = std::vector<std::string_view>;

/// False if it would hear no more.
bool heard(Prologue& prologue, std::span<const std::string_view> lines, std::string_view end) {
    return std::ranges::all_of(
        lines, [&](std::string_view line) { return prologue.hear(std::string(line).append(end)); });
}

bool same(const std::optional<pop3::Reply>& a, const std::optional<pop3::Reply>& b) {
    return a.has_value() == b.has_value() &&
           (!a || (a->ok == b->ok && a->code == b->code && a->text == b->text));
}

/// What is kept of the time before TLS is the greeting.
bool same_but_for_greeting(const Prologue& a, const Prologue& b) {
    return a.capabilities().lines() == b.capabilities().lines() && same(a.last(), b.last()) &&
           a.challenged() == b.challenged();
}

/// The line with which the server agrees to STLS: the first +OK behind the answer to CAPA.
std::size_t agreement(const Lines& lines) {
    const auto is_end = [](std::string_view line) {
        return line.starts_with('.') || line.starts_with("-ERR");
    };
    const auto is_ok = [](std::string_view line) { return line.starts_with("+OK"); };
    const auto end = std::find_if(lines.begin() + 1, lines.end(), is_end);
    const auto agreed = end == lines.end() ? end : std::find_if(end + 1, lines.end(), is_ok);
    return static_cast<std::size_t>(agreed - lines.begin());
}

void require_forgetting(const Prologue& prologue, const Lines& lines) {
    const std::size_t agreed = agreement(lines);
    if (agreed == lines.size()) return;
    Prologue over_tls(false);
    over_tls.hear("+OK\r\n");
    heard(over_tls, std::span(lines).subspan(agreed + 1), "\r\n");
    require(prologue.capabilities().lines() == over_tls.capabilities().lines(),
            "what was offered before TLS is forgotten");
    require(prologue.challenged() == over_tls.challenged(), "nobody is challenged before TLS");
    if (over_tls.last()) require(same(prologue.last(), over_tls.last()), "the last answer is the last one");
}

}  // namespace

// A byte whose last bit says whether STLS is to be sent, then the server's lines: greeting, capabilities …
void prologue(std::string_view input) {
    const bool stls = (take_byte(input) & 1U) != 0;
    Lines lines = split(input, '\n');
    for (std::string_view& line : lines)
        while (line.ends_with('\r')) line.remove_suffix(1);

    Prologue heard_crlf(stls), heard_lf(stls), heard_bare(stls);
    const bool good = heard(heard_crlf, lines, "\r\n");
    require(heard(heard_lf, lines, "\n") == good && heard(heard_bare, lines, "") == good &&
                same_but_for_greeting(heard_crlf, heard_lf) && same_but_for_greeting(heard_crlf, heard_bare),
            "line ends make no difference");

    const auto greeted = pop3::parse_reply(lines.front());
    require(good == greeted.has_value(), "only a greeting of POP3 is worth more");
    require(same(heard_crlf.greeted(), greeted), "the greeting is the first line");
    require(heard_crlf.greeting().size() <= 512 && lines.front().starts_with(heard_crlf.greeting()),
            "it is kept as it came, and bounded");
    if (!good) {
        require(heard_crlf.capabilities().empty() && !heard_crlf.last(), "nothing else was heard then");
        return;
    }
    if (stls) require_forgetting(heard_crlf, lines);
}

}  // namespace popkeep::fuzz
