#include "pop3/reply.hpp"

#include "fuzz/target.hpp"

namespace popkeep::fuzz {

void reply(std::string_view input) {
    using pop3::ResponseCode;
    const auto parsed = pop3::parse_reply(input);
    const bool ok = input.starts_with("+OK");
    require(parsed.has_value() == (ok || input.starts_with("-ERR")), "only +OK and -ERR begin a status line");
    if (!parsed) return;
    require(parsed->ok == ok, "+OK is good, -ERR is not");
    require(parsed->text.size() <= 512, "the text is bounded");
    require(input.find(parsed->text) != std::string_view::npos, "the text is the server's own");
    const bool bracketed = parsed->text.starts_with('[');
    require(bracketed || parsed->code == ResponseCode::none, "a code stands in brackets in front");
    if (parsed->text.size() == 512) return;
    const auto again = pop3::parse_reply((ok ? "+OK " : "-ERR ") + parsed->text);
    require(again && again->ok == ok && again->code == parsed->code && again->text == parsed->text,
            "what was understood, written again, is understood again");
}

}  // namespace popkeep::fuzz
