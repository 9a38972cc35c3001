#include "oauth/tokens.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "json/object.hpp"
#include "oauth/mask.hpp"

namespace popkeep::oauth {
namespace {

constexpr std::int64_t longest_life = std::int64_t{100} * 366 * seconds_per_day;

std::optional<std::int64_t> life(const json::Object& answer, std::initializer_list<const char*> names) {
    for (const char* name : names) {
        const auto seconds = answer.number(name);
        if (seconds && *seconds > 0 && *seconds < longest_life) return seconds;
    }
    return std::nullopt;
}

std::string login_again(const Client& client) {
    return fmt::format("run `popkeep login {}`", printable(client.account, 100));
}

/// Codes of a sign-in that is over; the last three are OpenID Connect's.
constexpr auto ended = {"invalid_grant", "interaction_required", "consent_required", "login_required"};

bool is_one_of(std::string_view code, std::initializer_list<const char*> codes) {
    return std::ranges::find(codes, code) != codes.end();
}

bool is_passing(long status) {
    return status >= 500 || status == 429 || status == 408;
}

Error not_now() {
    return Error(Category::temporary, "the authorization server can't answer at the moment")
        .next("try again later");
}

Error meaning(const Client& client, const std::string& code, long status) {
    if (is_one_of(code, ended))
        return Error(Category::permission, "the provider no longer accepts this sign-in")
            .next(login_again(client));
    if (is_one_of(code, {"invalid_client", "unauthorized_client"}))
        return Error(Category::configuration, "the provider doesn't accept popkeep's client id or secret")
            .next("check oauth_client_id and oauth_client_secret…");
    if (is_one_of(code, {"invalid_scope", "invalid_request", "unsupported_grant_type",
                         "unsupported_response_type", "redirect_uri_mismatch"}))
        return Error(Category::configuration, "the provider doesn't accept what was asked for")
            .next("check oauth_scope, oauth_redirect_url and how the client is registered");
    if (code == "access_denied")
        return Error(Category::permission, "the sign-in was turned down").next(login_again(client));
    if (code == "expired_token")
        return Error(Category::temporary, "the time to sign in is over").next(login_again(client));
    if (is_one_of(code, {"temporarily_unavailable", "server_error", "slow_down", "authorization_pending"}))
        return not_now();
    // Providers have codes of their own for it.
    if (is_passing(status)) return not_now();
    return Error(Category::permission, "the authorization server refused").next(login_again(client));
}

bool is_unknown_client(const Answer& answer) {
    const auto object = json::Object::parse(answer.body);
    return object && object->text("error") == "invalid_client";
}

}  // namespace

Answer asked(const Client& client, const std::string& url, Form& form) {
    form.emplace_back("client_id", client.id);
    if (!client.secret) return post(client, url, form);
    const Credentials credentials{client.id, client.secret()};
    // In the form, as most providers show it; the standard asks them to understand Basic, and some know only
    // that.
    form.emplace_back("client_secret", credentials.secret.view());
    Answer answer = post(client, url, form);
    if (!is_unknown_client(answer)) return answer;
    const Form bare(form.begin(), form.end() - 2);
    Answer second = post(client, url, bare, &credentials);
    return is_unknown_client(second) ? std::move(answer) : std::move(second);
}

bool Refused::for_good() const {
    return is_one_of(code_, ended) || code_ == "access_denied";
}

Tokens::~Tokens() {
    secret::wipe(access);
    secret::wipe(refresh);
}

std::string Tokens::to_json() const {
    json::Object object;
    object.set("format", std::int64_t{1});
    for (const auto& [name, value] :
         {std::pair("grant", &grant), std::pair("access_token", &access),
          std::pair("refresh_token", &refresh), std::pair("scope", &scope), std::pair("refused", &refused)})
        if (!value->empty()) object.set(name, *value);
    object.set("obtained_at", obtained_at);
    object.set("refresh_life", refresh_life);
    object.set("warned_at", warned_at);
    if (expires_at) object.set("expires_at", *expires_at);
    if (refresh_expires_at) object.set("refresh_expires_at", *refresh_expires_at);
    return object.dump();
}

std::optional<Tokens> Tokens::from_json(std::string_view text) {
    const auto object = json::Object::parse(text);
    if (!object || object->number("format") != 1 || object->text("grant").empty()) return std::nullopt;
    Tokens tokens;
    tokens.grant = object->text("grant");
    tokens.access = object->text("access_token");
    tokens.refresh = object->text("refresh_token");
    tokens.scope = object->text("scope");
    tokens.refused = object->text("refused");
    tokens.obtained_at = object->number("obtained_at").value_or(0);
    tokens.refresh_life = object->number("refresh_life").value_or(0);
    tokens.warned_at = object->number("warned_at").value_or(0);
    tokens.expires_at = object->number("expires_at");
    tokens.refresh_expires_at = object->number("refresh_expires_at");
    return tokens;
}

void refuse(const Client& client, const std::string& url, const Answer& answer, const Form& form) {
    const auto object = json::Object::parse(answer.body);
    const std::string code = object ? object->text("error") : "";
    if (!code.empty()) {
        Error error = meaning(client, code, answer.status);
        const std::string why = object->text("error_description");
        error.at(place_of(url)).said(without_secrets(why.empty() ? code : code + ": " + why, form));
        throw Refused(std::move(error), code);
    }
    Error error = is_passing(answer.status)
                      ? not_now()
                      : Error(Category::protocol, "the authorization server's answer makes no sense")
                            .next("check the oauth_… addresses");
    throw error.at(place_of(url)).said(fmt::format("HTTP status {}", answer.status));
}

Tokens tokens_in(const Client& client, const Answer& answer, const Form& form) {
    const auto object = json::Object::parse(answer.body);
    if (answer.status / 100 != 2 || !object || object->text("access_token").empty())
        refuse(client, client.token_url, answer, form);
    Tokens tokens;
    tokens.access = object->text("access_token");
    tokens.refresh = object->text("refresh_token");
    tokens.scope = object->text("scope");
    tokens.obtained_at = now();
    if (const auto seconds = life(*object, {"expires_in"})) tokens.expires_at = now() + *seconds;
    if (const auto seconds = life(*object, {"refresh_token_expires_in", "refresh_expires_in"})) {
        tokens.refresh_expires_at = now() + *seconds;
        tokens.refresh_life = *seconds;
    }
    const std::string type = object->text("token_type");
    if (!type.empty() && !equal_ignoring_case(type, "bearer"))
        throw Error(Category::protocol,
                    "the authorization server gives tokens of a kind that mail doesn't know")
            .at(place_of(client.token_url))
            .said(without_secrets(type, form));
    return tokens;
}

Tokens ask_for_tokens(const Client& client, Form form) {
    const Answer answer = asked(client, client.token_url, form);
    Tokens tokens = tokens_in(client, answer, form);
    for (auto& [name, value] : form) secret::wipe(value);
    return tokens;
}

Tokens refreshed(const Client& client, const Tokens& old) {
    Tokens fresh = ask_for_tokens(client, {{"grant_type", "refresh_token"}, {"refresh_token", old.refresh}});
    fresh.grant = old.grant;
    fresh.warned_at = old.warned_at;
    if (fresh.scope.empty()) fresh.scope = old.scope;
    if (fresh.refresh.empty() || fresh.refresh == old.refresh) {
        fresh.refresh = old.refresh;
        if (!fresh.refresh_expires_at) {
            fresh.refresh_expires_at = old.refresh_expires_at;
            fresh.refresh_life = old.refresh_life;
        }
    }
    return fresh;
}

}  // namespace popkeep::oauth
