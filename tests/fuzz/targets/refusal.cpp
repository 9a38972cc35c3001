#include "pop3/refusal.hpp"

#include <array>
#include <string>

#include "base/text.hpp"
#include "fuzz/split.hpp"
#include "fuzz/target.hpp"
#include "pop3/policy.hpp"
#include "pop3/ticket_error.hpp"
#include "pop3/token_refusal.hpp"

namespace popkeep::fuzz {
namespace {

using pop3::ResponseCode;

constexpr std::string_view place = "pop.example.com:995";

void require_sound(const Error& error) {
    const std::string_view told = error.what();
    require(printable(told, told.size()) == told, "it can be printed");
    require(told.size() <= 4096, "it is bounded");
    require(!error.next().empty(), "it says what to do next");
}

bool is_passing(ResponseCode code) {
    return code == ResponseCode::in_use || code == ResponseCode::login_delay ||
           code == ResponseCode::sys_temp;
}

/// For every way to be refused. A credential that is taken for a wrong one isn't tried again by itself.
void require_its_class(const pop3::LoginRefused& refused, const pop3::Reply& reply) {
    require_sound(refused);
    require(refused.where() == place && refused.code() == reply.code, "it says where, and by which code");
    if (is_passing(reply.code))
        require(refused.category() == Category::temporary, "what passes is no wrong credential");
    else if (pop3::policy_of(reply.text))
        require(refused.category() == Category::permission, "a rule of the provider doesn't pass");
    else if (reply.code == ResponseCode::auth)
        require(refused.credential_refused(), "[AUTH] is about the credential");
}

void require_promise_believed(const pop3::Reply& reply) {
    pop3::Capabilities promising;
    promising.add("AUTH-RESP-CODE");
    if (reply.code != ResponseCode::auth && !pop3::policy_of(reply.text))
        require(!pop3::refusal(reply, promising, place).credential_refused(),
                "who promised to say [AUTH] and doesn't, refuses no credential");
}

void require_case_indifferent(const pop3::Reply& reply) {
    pop3::Reply lower = reply;
    lower.text = lowered(reply.text);
    require(pop3::refusal(lower, {}, place).sentence() == pop3::refusal(reply, {}, place).sentence(),
            "case decides nothing");
}

void status_line(std::string_view line, std::string_view complaint) {
    const auto reply = pop3::parse_reply(line);
    if (!reply) return;
    for (const auto proven :
         {sasl::Proof::password, sasl::Proof::token, sasl::Proof::certificate, sasl::Proof::ticket})
        require_its_class(pop3::refusal(*reply, {}, place, proven), *reply);
    require_promise_believed(*reply);
    require_case_indifferent(*reply);
    for (const sasl::Facts& facts : sasl::mechanisms()) {
        const auto refused = mechanism_refused(*reply, facts.mechanism, {}, place);
        require_its_class(refused, *reply);
        const bool told = reply->code != ResponseCode::none && reply->code != ResponseCode::unknown;
        require(told || pop3::policy_of(reply->text) || refused.category() == Category::protocol,
                "without a reason the mechanism is at fault");
    }
    require_its_class(token_refusal(*reply, complaint, {}, place), *reply);
}

void ticket(std::string_view words) {
    const Error error = pop3::ticket_error(words);
    require_sound(error);
    require(error.category() == Category::permission || error.category() == Category::unavailable,
            "either the ticket or its realm is at fault");
}

}  // namespace

// The status line that refuses a sign-in; behind LF what came with it of the token, or of the ticket.
void refusal(std::string_view input) {
    const std::string_view line = input.substr(0, input.find('\n'));
    const std::string_view rest = input.substr(std::min(line.size() + 1, input.size()));
    status_line(line, rest);
    ticket(rest);
}

}  // namespace popkeep::fuzz
