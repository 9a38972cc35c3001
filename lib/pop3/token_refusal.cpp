#include "pop3/token_refusal.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "base/text.hpp"
#include "json/object.hpp"
#include "pop3/policy.hpp"
#include "pop3/refusal.hpp"

namespace popkeep::pop3 {
namespace {

Error meaning(std::string_view status, std::string_view scope) {
    const std::string with = scope.empty() ? "" : fmt::format(" with the scope {}", printable(scope, 200));
    if (status == "403" || status == "insufficient_scope")
        return Error(Category::permission, "the access token doesn't cover this mailbox")
            .next(fmt::format("sign in again (`popkeep login`){}", with));
    if (!status.empty())
        return Error(Category::permission, "the server refused the access token")
            .next(fmt::format("sign in again (`popkeep login`){}; the token must be for this user", with));
    return Error(Category::permission, "the server refused the access token without saying why")
        .next(
            "check that POP access is switched on for this mailbox, and that the token is for this user and "
            "for POP");
}

bool is_passing(ResponseCode code) {
    return code == ResponseCode::in_use || code == ResponseCode::login_delay ||
           code == ResponseCode::sys_temp || code == ResponseCode::sys_perm;
}

}  // namespace

LoginRefused token_refusal(const Reply& reply, std::string_view complaint, const Capabilities& before,
                           std::string_view place) {
    const auto json = json::Object::parse(complaint);
    std::string status = json ? json->text("status") : "";
    // Some send it as a number.
    if (const auto number = json ? json->number("status") : std::nullopt) status = std::to_string(*number);
    if (is_passing(reply.code) || (status.empty() && reply.code != ResponseCode::auth)) {
        auto error = refusal(reply, before, place, sasl::Proof::token);
        if (!error.credential_refused()) return error;
    }
    if (auto policy = policy_of(reply.text)) {
        policy->at(place).said(reply.text);
        return {std::move(*policy), reply.code};
    }
    const std::string scope = json ? json->text("scope") : "";
    std::string said = reply.text;
    if (!status.empty()) said += "; status: " + status;
    if (!scope.empty()) said += "; scope: " + scope;
    auto error = meaning(status, scope);
    error.at(place).said(said);
    return {std::move(error), reply.code};
}

}  // namespace popkeep::pop3
