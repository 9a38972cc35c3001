#include "secret/obtain.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "secret/command.hpp"
#include "secret/first_line.hpp"
#include "secret/home.hpp"
#include "secret/keyring.hpp"
#include "secret/netrc.hpp"
#include "secret/prompt.hpp"
#include "secret/secret_file.hpp"

namespace popkeep::secret {
namespace {

struct Found {
    Password password;
    std::string origin;
};

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

void require_one(const Source& source, Category category, const std::string& account,
                 std::string_view names) {
    if (source.count() < 2) return;
    throw Error(category,
                fmt::format("account '{}' has two sources for its password", printable(account, 100)))
        .next(fmt::format("keep one of {}", names));
}

Password from_file(SecretFile file, const std::string& path, const std::string& origin) {
    require_private(file, path);
    return {first_line(file.text), fmt::format("{} ({})", origin, path)};
}

struct Names {
    const char *text, *command, *file;
};
constexpr Names of_flags{"", "--password-command", "--password-file"};
constexpr Names of_keys{"password", "password_command", "password_file"};
constexpr Names of_client{"oauth_client_secret", "oauth_client_secret_command", "oauth_client_secret_file"};

Found from_source(const Source& source, const std::string& account, const Names& names) {
    if (source.text) return {Password(std::string(source.text->view()), names.text), names.text};
    if (!source.command.empty()) {
        std::string origin = names.command;
        Password password(password_from_command(source.command, account, origin), origin);
        return {std::move(password), std::move(origin)};
    }
    std::string origin = names.file;
    auto file = read_secret_file(source.file);
    if (!file) {
        throw Error(Category::permission, fmt::format("there is no such file, named by {}", origin))
            .at(source.file);
    }
    Password password = from_file(std::move(*file), source.file, origin);
    return {std::move(password), std::move(origin)};
}

std::optional<Found> from_systemd(std::string account) {
    const std::string folder = environment("CREDENTIALS_DIRECTORY");
    if (folder.empty()) return std::nullopt;
    for (std::size_t at = 0; (at = account.find('/', at)) != std::string::npos;)
        account.replace(at, 1, "%2F");
    std::string name = "popkeep." + account;
    const std::string path = folder + "/" + name;
    auto file = read_secret_file(path);
    if (!file) return std::nullopt;
    std::string origin = "systemd credential " + name;
    Password password = from_file(std::move(*file), path, "the systemd credential");
    return Found{std::move(password), std::move(origin)};
}

std::optional<Found> from_environment() {
    const char* value = std::getenv("POPKEEP_PASSWORD");
    if (value == nullptr) return std::nullopt;
    return Found{Password(value, "POPKEEP_PASSWORD"), "POPKEEP_PASSWORD"};
}

std::optional<Found> first_given(const Request& request) {
    if (!request.flag.empty()) return from_source(request.flag, request.account, of_flags);
    if (!request.configured.empty()) return from_source(request.configured, request.account, of_keys);
    if (auto found = from_systemd(request.account)) return found;
    return from_environment();
}

std::optional<Credential> from_netrc(const Request& request) {
    std::string path = environment("NETRC");
    if (path.empty()) path = home_folder() + "/.netrc";
    auto file = read_secret_file(path);
    if (!file) return std::nullopt;
    std::optional<NetrcEntry> entry;
    try {
        entry = find_in_netrc(file->text, request.host, request.user);
    } catch (Error& error) {
        throw error.at(path);
    }
    wipe(file->text);
    if (!entry) return std::nullopt;
    // Other programs' secrets in a file that others can read are not our concern; ours is.
    require_private(*file, path);
    std::string user = request.user ? *request.user : *entry->login;
    return Credential{std::move(user), Password(std::move(entry->password), fmt::format("netrc ({})", path)),
                      "netrc"};
}

bool may_ask(const Request& request) {
    return !request.never_prompt && person_is_there();
}

/// `why_not`: told if there is no keyring to ask.
std::optional<Credential> from_keyring(const Request& request, std::string& why_not) {
    if (!request.user) return std::nullopt;
    try {
        auto secret = keyring::find(keyring::password_of(*request.user, request.host), may_ask(request));
        if (!secret) return std::nullopt;
        return Credential{*request.user, Password(std::move(*secret), "the keyring"), "the keyring"};
    } catch (const keyring::Absent& absent) {
        why_not = absent.sentence();
        return std::nullopt;
    }
}

std::optional<Credential> search(const Request& request, std::string& why_no_keyring) {
    forbid_core_dumps();
    require_one(request.flag, Category::usage, request.account, "--password-command and --password-file");
    require_one(request.configured, Category::configuration, request.account,
                "password, password_command and password_file");

    if (auto found = first_given(request)) {
        return Credential{user_of(request), std::move(found->password), std::move(found->origin)};
    }
    if (auto credential = from_netrc(request)) return credential;
    return from_keyring(request, why_no_keyring);
}

}  // namespace

std::string user_of(const Request& request) {
    if (request.user) return *request.user;
    const std::string host = printable(request.host, 255);
    if (may_ask(request)) {
        std::string user = ask(fmt::format("User name at {}: ", host), Echo::on);
        if (!user.empty()) return user;
    }
    throw Error(Category::usage, fmt::format("there is no user name for {}", host))
        .next(fmt::format("write it into the URL (pop3s://USER@{}), or give the key 'user'", host));
}

std::optional<Credential> obtain_unasked(const Request& request) {
    std::string ignored;
    return search(request, ignored);
}

Password client_secret(const Source& source, const std::string& account) {
    require_one(source, Category::configuration, account,
                "oauth_client_secret, oauth_client_secret_command and oauth_client_secret_file");
    return from_source(source, account, of_client).password;
}

Credential obtain(const Request& request) {
    std::string why_no_keyring;
    if (auto credential = search(request, why_no_keyring)) return std::move(*credential);
    if (!may_ask(request)) {
        Error error(Category::permission,
                    fmt::format("there is no password for account '{}', and nobody to ask",
                                printable(request.account, 100)));
        if (!why_no_keyring.empty()) error.said(why_no_keyring);
        throw error.next(
            "give password_command or password_file, set POPKEEP_PASSWORD, or add it to ~/.netrc or the "
            "keyring");
    }
    std::string user = user_of(request);
    Password password(
        ask(fmt::format("Password of {} at {}: ", printable(user, 255), printable(request.host, 255)),
            Echo::off),
        "the prompt");
    return {std::move(user), std::move(password), "the prompt"};
}

bool person_is_there() noexcept {
    return isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
}

}  // namespace popkeep::secret
