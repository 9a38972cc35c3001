#include "oauth_client.hpp"

#include <fmt/format.h>

#include <functional>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "provider/provider.hpp"
#include "secret/obtain.hpp"
#include "secret/proxy.hpp"

namespace popkeep::cmd {
namespace {

void take_known(oauth::Client& client, const provider::OAuth& known) {
    const auto fill = [](std::string& mine, const std::string& theirs) {
        if (mine.empty()) mine = theirs;
    };
    fill(client.authorization_url, known.authorize);
    fill(client.token_url, known.token);
    fill(client.device_url, known.device);
    fill(client.scope, known.scope);
}

/// Many requests may belong to one sign-in: what is behind `obtain` is asked at the first one.
std::function<secret::Password()> once(std::function<secret::Password()> obtain) {
    return [obtain = std::move(obtain), kept = std::make_shared<secret::Password>()] {
        if (kept->empty()) *kept = obtain();
        return secret::Password(std::string(kept->view()), "what was kept");
    };
}

}  // namespace

bool uses_tokens(const config::Account& account) {
    return !account.token_command.empty() || !account.oauth.client_id.empty();
}

bool runs_command_for_tokens(const config::Account& account) {
    return !account.token_command.empty() ||
           (uses_tokens(account) &&
            !(account.oauth.client_secret.command.empty() && account.proxy_password.command.empty()));
}

std::shared_ptr<secret::TokenSource> tokens_of(const config::Account& account) {
    if (!account.token_command.empty())
        return secret::tokens_from_command(account.token_command, account.name, "token_command");
    if (account.oauth.client_id.empty()) return nullptr;
    return oauth::stored_tokens(oauth_client_of(account), keep_of(account), secret::person_is_there());
}

oauth::Client oauth_client_of(const config::Account& account) {
    oauth::Client client{.account = account.name,
                         .user = account.url.user.value_or(""),
                         .id = account.oauth.client_id,
                         .secret = {},
                         .authorization_url = account.oauth.authorization_url,
                         .token_url = account.oauth.token_url,
                         .device_url = account.oauth.device_url,
                         .scope = account.oauth.scope,
                         .redirect_url = account.oauth.redirect_url,
                         .ca = account.oauth.ca,
                         .proxy = account.proxy,
                         .proxy_user = account.proxy_user,
                         .proxy_password = {}};
    if (account.timeout) client.timeout = *account.timeout;
    if (const auto& source = account.oauth.client_secret; !source.empty())
        client.secret = once([source, name = account.name] { return secret::client_secret(source, name); });
    if (const auto& source = account.proxy_password; !source.empty())
        client.proxy_password =
            once([source, name = account.name] { return secret::proxy_password(source, name); });
    // Of addresses that belong together none is replaced by a known one.
    const bool own =
        !client.authorization_url.empty() || !client.token_url.empty() || !client.device_url.empty();
    const provider::Provider* known = provider::find_host(lowered(account.url.host));
    if (!own && known != nullptr && known->oauth) take_known(client, *known->oauth);
    if (client.token_url.empty()) {
        throw Error(Category::configuration,
                    fmt::format("account '{}' has a client id, but no address to get tokens from",
                                printable(account.name, 100)))
            .next(
                "give oauth_token_url, with oauth_authorization_url or oauth_device_url, as your provider "
                "documents them");
    }
    return client;
}

oauth::Keep keep_of(const config::Account& account) {
    return account.oauth.store == config::OAuth::Store::keyring ? oauth::Keep::keyring : oauth::Keep::file;
}

}  // namespace popkeep::cmd
