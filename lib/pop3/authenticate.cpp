#include "pop3/authenticate.hpp"

#include <fmt/format.h>

#include "base/base64.hpp"
#include "pop3/refusal.hpp"
#include "pop3/secret.hpp"
#include "pop3/token_refusal.hpp"

namespace popkeep::pop3 {
namespace {

constexpr int most_challenges = 10;

bool is_challenge(std::string_view line) {
    return line.starts_with('+') && !line.starts_with("+OK");
}

/// "+ base64"; some servers send the plus sign alone.
std::optional<std::string> challenge_of(std::string_view line) {
    line.remove_prefix(1);
    while (line.starts_with(' ')) line.remove_prefix(1);
    while (line.ends_with(' ')) line.remove_suffix(1);
    return base64_decoded(line);
}

class Authentication {
  public:
    Authentication(Conversation& conversation, sasl::Exchange& exchange)
        : conversation_(conversation), exchange_(exchange) {}

    /// The status line at the end.
    Reply run(Mechanism mechanism) {
        by_token_ = sasl::facts(mechanism).proof == sasl::Proof::token;
        conversation_.expect_silence();
        conversation_.send(fmt::format("AUTH {}", sasl::facts(mechanism).name));
        auto line = next_line();
        for (; is_challenge(line); line = next_line()) {
            if (++challenges_ > most_challenges) lose(line);
            auto challenge = challenge_of(line);
            // What comes with a refused token is for people only.
            if (!challenge && by_token_ && challenges_ == 2) challenge.emplace();
            if (!challenge) lose(line);
            const Secret answer(answer_to(*challenge));
            conversation_.send(Secret(base64(answer.text())).text(), "****");
        }
        auto reply = parse_reply(line);
        if (!reply) lose(line);
        reply->text = conversation_.masked(reply->text);
        return std::move(*reply);
    }

    bool answered() const { return challenges_ > 0; }

  private:
    std::string_view next_line() { return conversation_.line(conversation_.limits().login); }

    std::string answer_to(const std::string& challenge) {
        try {
            return exchange_.answer(challenge);
        } catch (...) {
            conversation_.send("*");
            throw;
        }
    }

    [[noreturn]] void lose(std::string_view line) const {
        conversation_.lose(SessionLost::How::desynchronised, "the server's answer to AUTH makes no sense",
                           line);
    }

    Conversation& conversation_;
    sasl::Exchange& exchange_;
    int challenges_ = 0;
    bool by_token_ = false;
};

}  // namespace

void authenticate(Conversation& conversation, sasl::Exchange& exchange, Mechanism mechanism,
                  const Capabilities& before) {
    Authentication authentication(conversation, exchange);
    const auto reply = authentication.run(mechanism);
    if (!reply.ok) {
        if (!authentication.answered())
            throw mechanism_refused(reply, mechanism, before, conversation.place());
        const auto complaint = conversation.masked(exchange.complaint());
        if (sasl::facts(mechanism).proof == sasl::Proof::token)
            throw token_refusal(reply, complaint, before, conversation.place());
        auto refused = refusal(reply, before, conversation.place(), sasl::facts(mechanism).proof);
        if (!complaint.empty()) refused.said(complaint);
        throw refused;
    }
    if (!exchange.is_complete())
        throw Error(Category::protocol, "the server let us in without proving that it knows the password")
            .at(conversation.place())
            .next("somebody may be in between; if not, name another mechanism with --auth");
}

}  // namespace popkeep::pop3
