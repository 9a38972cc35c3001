#include "config/account.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace popkeep::config {

std::optional<std::string> Account::identity() const {
    if (!id.empty()) return id;
    if (!url.user) return std::nullopt;
    return fmt::format("{}@{}", *url.user, url.host);
}

void Account::forget_credential() {
    password = {};
    token_command.clear();
    oauth.client_id.clear();
}

int Account::ways() const {
    return (proxy.empty() ? 0 : 1) + (socket.empty() ? 0 : 1) + (tunnel.empty() ? 0 : 1);
}

void Account::forget_way() {
    proxy.clear();
    proxy_user.clear();
    proxy_password = {};
    socket.clear();
    tunnel.clear();
}

Account account_from_url(const Url& url) {
    Account account;
    account.url = url;
    account.name = url.user ? fmt::format("{}@{}", *url.user, url.host) : url.host;
    return account;
}

void set_proxy(Account& account, const Proxy& proxy) {
    account.proxy = proxy.url;
    account.proxy_user = proxy.user;
}

void set_tls(Account& account, bool on) {
    if (account.url.transport == Transport::implicit_tls) {
        if (on) return;
        throw Error(Category::usage, "tls is off, but the URL says pop3s://")
            .next("write pop3:// if you mean plaintext");
    }
    account.url.transport = on ? Transport::stls : Transport::plaintext;
}

}  // namespace popkeep::config
