#include "base/error.hpp"
#include "config/key.hpp"
#include "options.hpp"

namespace popkeep::cmd {

void AccountFlags::declare_oauth(Syntax& syntax) {
    syntax.group("OAuth 2.0");
    // Parsed at once, so that a mistake is told before anything happens; applied to each account later.
    const auto option = [&](std::string key, std::string value, std::string help) {
        std::string name = "--" + key;
        for (char& c : name) c = c == '_' ? '-' : c;
        syntax.option(name, std::move(value), std::move(help), [this, key](std::string_view text) {
            config::Account probe;
            const std::string base = path_here(".");
            config::set(probe, key, text, base);
            token_source_ = token_source_ || config::is_credential(key);
            changes_.emplace_back([key, value = std::string(text), base](config::Account& account) {
                config::set(account, key, value, base);
            });
        });
    };
    option("token_command", "COMMAND",
           "Run this (without a shell) and take the first line of its output as the access token.");
    option("oauth_client_id", "ID",
           "The id under which popkeep is registered with the provider; `popkeep login` then signs in.");
    option("oauth_client_secret_command", "COMMAND", "Prints the client's secret, if it has one.");
    option("oauth_client_secret_file", "FILE", "The client's secret is the first line of this file.");
    option("oauth_authorization_url", "URL", "Where the browser goes to sign in.");
    option("oauth_token_url", "URL", "Where tokens are given out and refreshed.");
    option("oauth_device_url", "URL", "Where the device flow begins.");
    option("oauth_redirect_url", "URL",
           "Where the browser comes back to (default: http://127.0.0.1, on a free port).");
    option("oauth_scope", "SCOPES", "What to ask for.");
    option("oauth_ca", "FILE", "Trust this certificate authority for the addresses above.");
    option("oauth_store", "file|keyring", "Where tokens are kept.");
}

void AccountFlags::apply(config::Account& account) const {
    if (token_source_ && !password_.empty()) {
        throw Error(Category::usage, "two sources at once: a password and a token")
            .next("keep one of --password-command, --password-file, --token-command and --oauth-client-id");
    }
    if (!password_.empty()) account.forget_credential();
    if (way_) account.forget_way();
    for (const Change& change : changes_) change(account);
}

}  // namespace popkeep::cmd
