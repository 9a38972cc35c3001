#include <algorithm>

#include "base/clock.hpp"
#include "base/interrupt.hpp"
#include "json/object.hpp"
#include "oauth/authorization.hpp"
#include "oauth/login.hpp"

namespace popkeep::oauth {
namespace {

constexpr std::int64_t shortest_interval = 1;
constexpr std::int64_t longest_interval = 300;
constexpr std::int64_t longest_sign_in = 3600;

struct Started {
    std::string device_code, user_code, url, direct;
    std::int64_t interval = 5, life = 0;
};

Started start(const Client& client) {
    Form form;
    if (!client.scope.empty()) form.emplace_back("scope", client.scope);
    const Answer answer = asked(client, client.device_url, form);
    const auto object = json::Object::parse(answer.body);
    if (answer.status / 100 != 2 || !object || object->text("device_code").empty() ||
        object->text("user_code").empty())
        refuse(client, client.device_url, answer, form);
    Started started;
    started.device_code = object->text("device_code");
    started.user_code = object->text("user_code");
    started.url = object->text("verification_uri");
    // Google's name for it.
    if (started.url.empty()) started.url = object->text("verification_url");
    started.direct = object->text("verification_uri_complete");
    started.interval = object->number("interval").value_or(5);
    started.life = std::clamp<std::int64_t>(object->number("expires_in").value_or(600), 1, longest_sign_in);
    return started;
}

/// RFC 8628 section 3.5: a server that doesn't answer is asked again, less often.
bool is_passing(const Error& error) {
    const Category category = error.category();
    return category == Category::temporary || category == Category::no_host ||
           category == Category::unavailable;
}

}  // namespace

Tokens sign_in_by_device(const Client& client, Person& person) {
    const Started started = start(client);
    person.invite_with_code(started.url, started.user_code, started.direct);
    const Deadline deadline = Deadline::in(std::chrono::seconds(started.life));
    std::int64_t interval = started.interval;
    while (!deadline.passed()) {
        interval = std::clamp(interval, shortest_interval, longest_interval);
        interrupt::pause(std::chrono::seconds(interval));
        try {
            Tokens tokens =
                ask_for_tokens(client, {{"grant_type", "urn:ietf:params:oauth:grant-type:device_code"},
                                        {"device_code", started.device_code}});
            tokens.grant = random_text(16);
            return tokens;
        } catch (const Refused& refusal) {
            if (refusal.code() == "slow_down") {
                interval += 5;
            } else if (refusal.code() != "authorization_pending") {
                if (refusal.code() == "expired_token" || !is_passing(refusal)) throw;
                interval *= 2;
            }
        } catch (const Error& error) {
            if (!is_passing(error)) throw;
            person.tell(error.what());
            interval *= 2;
        }
    }
    throw Error(Category::temporary, "nobody signed in before the code expired").next("run it again");
}

}  // namespace popkeep::oauth
