#include "accounts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "archive/archive.hpp"
#include "archive/unfound.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "config/file.hpp"
#include "config/template.hpp"
#include "oauth_client.hpp"
#include "report/question.hpp"
#include "secret/proxy.hpp"

namespace popkeep::cmd {
namespace {

pop3::Transport engine_transport(config::Transport transport) {
    switch (transport) {
        case config::Transport::stls:
            return pop3::Transport::stls;
        case config::Transport::plaintext:
            return pop3::Transport::plaintext;
        case config::Transport::implicit_tls:
            break;
    }
    return pop3::Transport::implicit_tls;
}

pop3::AddressFamily engine_family(config::IpVersion version) {
    if (version == config::IpVersion::any) return pop3::AddressFamily::any;
    return version == config::IpVersion::v4 ? pop3::AddressFamily::ipv4 : pop3::AddressFamily::ipv6;
}

pop3::Endpoint engine_endpoint(const config::Account& account) {
    return {.host = account.url.host,
            .port = account.url.port,
            .transport = engine_transport(account.url.transport),
            .ca = account.ca,
            .pins = account.pins,
            .client_certificate = account.client_cert,
            .client_key = account.client_key,
            .tls_min =
                account.tls_min == config::TlsVersion::v1_3 ? pop3::TlsVersion::v1_3 : pop3::TlsVersion::v1_2,
            .proxy = account.proxy,
            .proxy_user = account.proxy_user,
            .proxy_password = {},
            .source_address = account.source_address,
            .family = engine_family(account.ip_version),
            .socket = account.socket,
            .tunnel = account.tunnel};
}

// What options made of an account: a configuration was judged when it was read.
void require_one_way(const config::Account& account) {
    if (account.ways() > 1)
        throw Error(Category::usage, "there are two ways to the server")
            .next("keep one of proxy, socket and tunnel");
    if (!account.proxy_password.empty() && account.proxy_user.empty())
        throw Error(Category::usage, "there is a password for the proxy, but no user name")
            .next("write it into the proxy: scheme://NAME@host");
}

bool missing_or_empty(const std::string& directory) {
    std::error_code problem;
    return !std::filesystem::exists(directory, problem) || std::filesystem::is_empty(directory, problem);
}

Chosen configured(const std::vector<std::string>& names, const std::optional<std::string>& config_path) {
    const auto path = config::find(config_path);
    if (!path) {
        throw Error(Category::usage, "there is no configuration file to take accounts from")
            .next(
                "write ~/.config/popkeep/popkeep.toml, or give a URL: "
                "popkeep fetch pop3s://me@example.com@pop.example.com --to DIR");
    }
    const config::Configuration configuration = config::load(*path);
    Chosen chosen{.accounts = {}, .settings = configuration.settings};
    for (const std::string& name : names) {
        // Twice in one run, an account would find itself locked.
        if (std::ranges::find(chosen.accounts, name, &config::Account::name) == chosen.accounts.end())
            chosen.accounts.push_back(configuration.get(name));
    }
    if (!names.empty()) return chosen;
    for (const config::Account& account : configuration.accounts) {
        if (account.enabled) chosen.accounts.push_back(account);
    }
    if (chosen.accounts.empty()) throw Error(Category::configuration, "no account is enabled").at(*path);
    return chosen;
}

}  // namespace

Chosen chosen_accounts(const std::vector<std::string>& names, const std::optional<std::string>& config_path,
                       const AccountFlags& flags) {
    if (!names.empty() && config::looks_like_url(names[0])) {
        if (names.size() > 1) {
            throw Error(Category::usage, "a URL stands alone")
                .next("give each mailbox a run of its own, or a section in popkeep.toml");
        }
        config::Account account = config::account_from_url(config::parse_url(names[0]));
        flags.apply(account);
        // --user may have come to a URL without one.
        if (const auto& user = account.url.user) account.name = *user + "@" + account.url.host;
        return {.accounts = {std::move(account)}, .settings = {}};
    }
    Chosen chosen = configured(names, config_path);
    for (config::Account& account : chosen.accounts) flags.apply(account);
    return chosen;
}

std::optional<std::string> require_archive(const config::Account& account, bool may_found) {
    const std::string& directory = account.archive;
    if (archive::Archive::is_one(directory)) {
        // Until the password is typed, the run that founded it may fail.
        if (may_found) archive::take_into_use(directory);
        return std::nullopt;
    }
    if (!may_found || !secret::person_is_there()) {
        throw Error(Category::cannot_create, "no archive is there")
            .at(directory)
            .next("not mounted? `popkeep init DIR` makes one");
    }
    if (!missing_or_empty(directory) &&
        !report::typed_yes(fmt::format("{} is a folder with other things in it. An archive will be founded "
                                       "there, and mboxes that lie in it are taken over.",
                                       printable(directory, 4096)))) {
        throw Error(Category::cannot_create, "no archive was founded")
            .at(directory)
            .next("choose another folder");
    }
    archive::Archive::found(directory, true);
    return fmt::format("{} is a new archive", printable(directory, 4096));
}

bool takes_password(const config::Account& account) {
    return !uses_tokens(account) && (account.auth == sasl::Mechanism::automatic ||
                                     sasl::facts(account.auth).proof == sasl::Proof::password);
}

secret::Credential credential_of(const config::Account& account, const AccountFlags& flags) {
    const secret::Request request{.account = account.name,
                                  .host = account.url.host,
                                  .user = account.url.user,
                                  .flag = flags.password(),
                                  .configured = account.password};
    if (!takes_password(account)) return {secret::user_of(request), {}, {}};
    if (account.auth != sasl::Mechanism::automatic || account.client_cert.empty())
        return secret::obtain(request);
    // The certificate may be enough.
    if (auto found = secret::obtain_unasked(request)) return std::move(*found);
    return {secret::user_of(request), {}, {}};
}

fetch::Job job_of(const config::Account& account, const AccountFlags& flags) {
    const secret::Credential credential = credential_of(account, flags);
    config::Account known = account;
    // A URL without a user is named by its host until the user is known.
    if (!known.url.user && known.name == known.url.host) known.name = credential.user + "@" + known.url.host;
    known.url.user = credential.user;

    fetch::Job job;
    job.name = known.name;
    job.identity = known.identity().value_or(known.name);
    job.endpoint = engine_endpoint(known);
    require_one_way(known);
    if (!known.proxy_password.empty())
        job.endpoint.proxy_password = secret::proxy_password(known.proxy_password, known.name).view();
    job.login = {credential.user, std::string(credential.password.view()), known.auth, uses_tokens(known)};
    job.tokens = tokens_of(known);
    job.session = {known.timeout, !known.pipelining, {}};
    job.archive = known.archive;
    job.file = [pattern = known.file](std::string_view name, std::int64_t when) {
        return config::expand_file_template(pattern, name, when);
    };
    job.deletes = policy_of(known);
    job.brake = brake_of(known);
    job.limit = known.limit;
    job.attended = secret::person_is_there();
    return job;
}

fetch::DeletePolicy policy_of(const config::Account& account) {
    const config::DeletePolicy& policy = account.deletion;
    using From = config::DeletePolicy::Kind;
    using To = fetch::DeletePolicy::Kind;
    switch (policy.kind) {
        case From::never:
            return {};
        case From::fetched:
            return {To::fetched, 0, 0};
        case From::after:
            return {To::after, policy.age.count(), 0};
        case From::keep:
            return {To::keep, 0, policy.count};
    }
    return {};
}

fetch::Brake brake_of(const config::Account& account) {
    const auto& most = account.max_delete;
    fetch::Brake brake;
    if (!most) return brake;
    if (most->percent) {
        brake.percent = static_cast<unsigned>(most->value);
    } else {
        brake.messages = most->value;
    }
    return brake;
}

std::string place_of(const config::Account& account) {
    return engine_endpoint(account).place();
}

}  // namespace popkeep::cmd
