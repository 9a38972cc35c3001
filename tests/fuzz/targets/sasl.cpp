#include <algorithm>
#include <array>
#include <string>

#include "base/error.hpp"
#include "base/text.hpp"
#include "fuzz/sasl_proof.hpp"
#include "fuzz/split.hpp"
#include "fuzz/target.hpp"

namespace popkeep::fuzz {
namespace {

using sasl::Mechanism;

constexpr sasl::Identity me{
    .user = "me@example.com", .password = "pencil and paper", .host = "pop.example.com", .port = 995};

/// In a challenge they stand for what a seed can't have.
constexpr char stands_for_nonce = '\xFF', stands_for_proof = '\xFE';

std::string filled_in(std::string_view challenge, std::string_view nonce, std::string_view proof) {
    std::string out;
    for (const char c : challenge) {
        if (c == stands_for_nonce)
            out += nonce;
        else if (c == stands_for_proof)
            out += proof;
        else
            out += c;
    }
    return out;
}

bool takes_long(std::string_view challenge) {
    return std::ranges::any_of(split(challenge, ','), [](std::string_view field) {
        const auto count = field.starts_with("i=") ? parse_number(field.substr(2)) : std::nullopt;
        return count && *count > many_iterations && *count <= 1'000'000;
    });
}

/// An exchange with a server that says anything.
class Attempt {
  public:
    explicit Attempt(Mechanism mechanism)
        : mechanism_(mechanism), exchange_(sasl::make_exchange(mechanism, me)) {}

    /// False once it is over.
    bool challenge(std::string_view given) {
        const std::string nonce(talk_.answers.empty() ? "" : attribute(talk_.answers[0], 'r'));
        const std::string proof = proof_of(mechanism_, me, talk_);
        const std::string challenge = filled_in(given, nonce, proof);
        // A server that says the password by itself is told no secret.
        if (takes_long(challenge) || challenge.find(me.password) != std::string::npos) return false;
        const bool was_complete = exchange_->is_complete();
        std::string answer;
        try {
            answer = exchange_->answer(challenge);
        } catch (const Error& error) {
            require_servers_fault(error);
            require(exchange_->is_complete() == was_complete, "what went wrong proves nothing");
            return false;
        }
        require(answer.size() <= 4 * challenge.size() + 1024, "an answer is bounded");
        const bool is_first = talk_.answers.empty();
        const bool is_refusal = is_scram() && challenge.starts_with("e=");
        require(answer.find(me.password) == std::string::npos || (is_first && !proves()),
                "a secret is sent once, and never if it is proven instead");
        if (proves()) {
            require(exchange_->is_complete() == (is_proof(challenge, proof) && !is_refusal),
                    "who knows the password is believed, and nobody else");
        }
        if (is_refusal) {
            require(exchange_->complaint() == challenge.substr(2), "the reason is told");
        } else {
            talk_.challenges.push_back(challenge);
            talk_.answers.push_back(answer);
        }
        return true;
    }

  private:
    bool is_scram() const {
        return mechanism_ == Mechanism::scram_sha_1 || mechanism_ == Mechanism::scram_sha_256;
    }
    /// Both sides prove that they know the password.
    bool proves() const { return is_scram() || mechanism_ == Mechanism::digest_md5; }

    bool is_proof(std::string_view challenge, const std::string& proof) const {
        if (proof.empty()) return false;
        if (!is_scram())
            return challenge.find("rspauth=") != std::string_view::npos &&
                   lowered(challenge).find(proof) != std::string::npos;
        return challenge == "v=" + proof || challenge.starts_with("v=" + proof + ",");
    }

    static void require_servers_fault(const Error& error) {
        const std::string_view told = error.what();
        require(printable(told, told.size()) == told, "what went wrong can be printed");
        require(told.find(me.password) == std::string_view::npos, "no secret is repeated");
        require(error.category() == Category::protocol, "the server is at fault");
    }

    Mechanism mechanism_;
    std::unique_ptr<sasl::Exchange> exchange_;
    Talk talk_;
};

}  // namespace

// A byte that chooses the mechanism, then the server's challenges, a line each. A byte 0xFF in them stands
// for the client's nonce, 0xFE for the proof that the server knows the password.
void sasl(std::string_view input) {
    static constexpr std::array mechanisms{Mechanism::scram_sha_1, Mechanism::scram_sha_256,
                                           Mechanism::digest_md5,  Mechanism::plain,
                                           Mechanism::xoauth2,     Mechanism::oauthbearer};
    constexpr std::size_t most_challenges = 10;
    Attempt attempt(mechanisms.at(take_byte(input) % mechanisms.size()));
    auto challenges = split(input, '\n');
    challenges.resize(std::min(challenges.size(), most_challenges));
    for (const auto challenge : challenges)
        if (!attempt.challenge(challenge)) break;
}

}  // namespace popkeep::fuzz
