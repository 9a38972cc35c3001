#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/oauth.hpp"
#include "config/url.hpp"
#include "config/values.hpp"
#include "secret/source.hpp"

namespace popkeep::config {

/// Everything that the configuration file or the command line can say of one account. Each member is one key
/// and its flag ("max_delete", --max-delete) unless it says otherwise.
struct Account {
    std::string name;     ///< the section's name, for a URL user@host (without a user: host); not a key
    bool enabled = true;  ///< fetched when no account is named
    Url url;         ///< the key `url`; on the command line an argument. The key `user` fills in url.user
    std::string id;  ///< overrides the identity user@host; empty: not given
    std::string archive;                  ///< absolute path; --archive, short --to; empty: not given
    std::string file = "{account}.mbox";  ///< where in the archive, see config/template.hpp

    DeletePolicy deletion;  ///< delete
    std::optional<MaxDelete> max_delete;
    std::optional<std::uint64_t> limit;  ///< messages a run

    /// tls = "off" sets url.transport to plaintext; allowed with pop3:// only.
    std::string ca;
    std::vector<std::string> pins;  ///< pin
    std::string client_cert, client_key;
    TlsVersion tls_min = TlsVersion::v1_2;
    std::string proxy;              ///< without its user
    std::string proxy_user;         ///< of the key `proxy`
    secret::Source proxy_password;  ///< proxy_password_command, proxy_password_file
    std::string source_address;
    IpVersion ip_version = IpVersion::any;
    std::string socket;               ///< a Unix socket
    std::vector<std::string> tunnel;  ///< a command

    sasl::Mechanism auth = sasl::Mechanism::automatic;
    secret::Source password;                      ///< password (no flag), password_command, password_file
    std::vector<std::string> token_command;       ///< prints an OAuth access token
    OAuth oauth;                                  ///< oauth_…; in use if it has a client_id
    std::optional<std::chrono::seconds> timeout;  ///< for every single wait
    bool pipelining = true;                       ///< false: one command at a time

    std::string after_fetch;  ///< a command for the shell; empty: none
    std::string ping_url;     ///< of a monitoring service, without "/start"; empty: none

    /// `id`, else user@host. Nothing while the user is unknown.
    std::optional<std::string> identity() const;
    /// Drops where password or tokens come from, for another source.
    void forget_credential();
    /// How many ways to the server are given: proxy, socket, tunnel.
    int ways() const;
    /// Drops the way to the server (proxy, socket or tunnel), for another one. The password of a proxy goes
    /// with it: it is no other proxy's business.
    void forget_way();
};

/// What a URL on the command line says.
Account account_from_url(const Url& url);

void set_proxy(Account& account, const Proxy& proxy);

/// tls = "off" or --tls off. Throws (usage) for a pop3s:// URL, which says the contrary.
void set_tls(Account& account, bool on);

}  // namespace popkeep::config
