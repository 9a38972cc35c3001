#include <string>

#include "base/text.hpp"
#include "fuzz/target.hpp"
#include "oauth/authorization.hpp"
#include "oauth/listener.hpp"

namespace popkeep::fuzz {
namespace {

using Reading = oauth::Authorization::Reading;

constexpr char stands_for_state = '\xFF';

std::string state_of(const std::string& url) {
    const std::size_t begin = url.find("&state=") + 7;
    return url.substr(begin, url.find('&', begin) - begin);
}

/// Nothing where the provider turned the sign-in down.
std::optional<Reading> read(oauth::Authorization& authorization, std::string_view address) {
    try {
        return authorization.read(address);
    } catch (const oauth::Refused& refusal) {
        const std::string_view told = refusal.what();
        require(printable(told, told.size()) == told && told.size() <= 4096,
                "what the provider says is bounded and can be printed");
        require(!refusal.code().empty(), "a refusal has a code");
        return std::nullopt;
    }
}

void require_own(std::optional<Reading> reading, bool has_state) {
    require(has_state || reading == Reading::foreign || reading == Reading::nothing,
            "only who knows the state gives a code or turns the sign-in down");
}

}  // namespace

// What a browser, or whoever else, sends to the listener's port, or a person pastes; a byte 0xFF stands for
// the state of this sign-in.
void redirect(std::string_view input) {
    oauth::Client client;
    client.account = "work";
    client.authorization_url = "https://auth.example.com/authorize";
    oauth::Authorization authorization(client, "http://127.0.0.1:7/back");
    const std::string state = state_of(authorization.url());
    std::string request;
    for (const char c : input) request += c == stands_for_state ? state : std::string(1, c);
    const bool has_state = request.size() != input.size();

    if (const auto target = oauth::target_of(request, "/back")) {
        require(std::string_view(request).starts_with("GET " + std::string(*target)),
                "a target is what the request asks for");
        require(target->starts_with("/back") && (target->size() == 5 || target->at(5) == '?'),
                "a target is the address that the browser was to be sent to");
        require(target->find("\r\n") == std::string_view::npos, "a target ends in its line");
        require_own(read(authorization, *target), has_state);
    }
    require_own(read(authorization, request), has_state);

    const std::string code = oauth::encoded({{"code", std::string(input)}});
    const std::string sent = "/back?" + code + "&state=" + state;
    require(oauth::target_of("GET " + sent + " HTTP/1.1\r\nHost: localhost\r\n\r\n", "/back") == sent,
            "a browser is understood");
    require(read(authorization, sent) == (input.empty() ? Reading::nothing : Reading::code),
            "any code can be sent");
    require(read(authorization, "/back?" + code + "&state=another") == Reading::foreign,
            "another state is another sign-in's");
    require(oauth::decoded(oauth::percent_encoded(input)) == input, "what was encoded is decoded");
}

}  // namespace popkeep::fuzz
