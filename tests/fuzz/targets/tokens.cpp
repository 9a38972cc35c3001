#include "oauth/tokens.hpp"

#include <array>
#include <string>

#include "base/base64.hpp"
#include "base/text.hpp"
#include "fuzz/split.hpp"
#include "fuzz/target.hpp"

namespace popkeep::fuzz {
namespace {

using oauth::Tokens;

const std::string refresh_token = "r3fresh/t0ken+";
const std::string client_secret = "cl1ent s3cret";

const oauth::Form form{{"grant_type", "refresh_token"},
                       {"refresh_token", refresh_token},
                       {"client_id", "popkeep"},
                       {"client_secret", client_secret}};

void require_silent(const Error& error) {
    const std::string_view told = error.what();
    require(printable(told, told.size()) == told, "what went wrong can be printed");
    require(told.size() <= 4096, "what went wrong is bounded");
    require(error.where() == "auth.example.com", "it says where");
    for (const std::string& secret :
         {refresh_token, client_secret, oauth::percent_encoded(refresh_token),
          oauth::percent_encoded(client_secret), base64("popkeep:" + oauth::percent_encoded(client_secret))})
        require(told.find(secret) == std::string_view::npos, "no secret is repeated");
}

void require_sound(const Tokens& tokens) {
    require(!tokens.access.empty(), "there is an access token");
    for (const auto& end : {tokens.expires_at, tokens.refresh_expires_at})
        require(
            !end || (*end > tokens.obtained_at && *end - tokens.obtained_at < std::int64_t{4'000'000'000}),
            "what ends does so in the future, and within a lifetime");
    require(tokens.refresh_expires_at.has_value() == (tokens.refresh_life > 0), "a life has an end");
}

void require_kept(const Tokens& tokens) {
    const std::string written = tokens.to_json();
    const auto read = Tokens::from_json(written);
    require(read && read->to_json() == written, "what is kept is read as it was written");
    require(read->access == tokens.access && read->refresh == tokens.refresh &&
                read->expires_at == tokens.expires_at,
            "what is kept is the same");
}

}  // namespace

// A byte that decides the HTTP status, then the token endpoint's answer; the same as what is kept.
void tokens(std::string_view input) {
    static constexpr std::array statuses{200L, 201L, 302L, 400L, 401L, 408L, 429L, 503L};
    oauth::Client client;
    client.account = "work";
    client.token_url = "https://auth.example.com/token";
    oauth::Answer answer;
    answer.status = statuses.at(take_byte(input) % statuses.size());
    answer.body = input;
    try {
        Tokens given = tokens_in(client, answer, form);
        require(answer.status / 100 == 2, "an error brings no tokens");
        require_sound(given);
        given.grant = "g";
        require_kept(given);
    } catch (const oauth::Refused& refusal) {
        require(!refusal.code().empty() && !refusal.next().empty(), "a refusal has a code and a way on");
        require(!refusal.for_good() || refusal.category() == Category::permission,
                "what is refused for good doesn't pass");
        require_silent(refusal);
    } catch (const Error& error) {
        require(error.category() == Category::temporary || error.category() == Category::protocol,
                "an answer that is none passes, or makes no sense");
        require_silent(error);
    }
    if (const auto kept = Tokens::from_json(input)) require_kept(*kept);
}

}  // namespace popkeep::fuzz
