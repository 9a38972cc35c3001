#include "config/key.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>

#include "base/error.hpp"
#include "config/monitoring.hpp"

namespace popkeep::config {
namespace {

using Text = std::string;

std::vector<Text> all_pins(const Value& value) {
    std::vector<Text> pins;
    for (const Text& word : value.words) {
        for (Text& pin : parse_pins(word)) pins.push_back(std::move(pin));
    }
    if (pins.empty()) throw Error(Category::usage, "the list of pins is empty");
    return pins;
}

std::vector<Text> command_of(Value& value) {
    if (!value.list) return parse_command(value.words.at(0));
    if (value.words.empty() || value.words[0].empty()) throw Error(Category::usage, "the command is empty");
    for (const Text& word : value.words) {
        if (word.find('\0') != Text::npos)
            throw Error(Category::usage, "an argument of the command holds a NUL");
    }
    return std::move(value.words);
}

void set_password(Account& account, Value& value, const Text&) {
    account.password.text =
        std::make_shared<const secret::Password>(std::move(value.words.at(0)), "the key 'password'");
}

void set_client_secret(Account& account, Value& value, const Text&) {
    account.oauth.client_secret.text = std::make_shared<const secret::Password>(
        std::move(value.words.at(0)), "the key 'oauth_client_secret'");
}

void set_limit(Account& account, const Value& value, const Text&) {
    account.limit = parse_count(value.words.at(0), 1, std::numeric_limits<std::int64_t>::max());
}

using A = Account;

const std::array all_keys{
    Key{"url", text, false, true, "give pop3s://user@host[:port], or pop3:// for STLS",
        [](A& a, Value& v, const Text&) { a.url = parse_url(v.words.at(0)); }},
    Key{"user", text, false, false, "give the user's name at the server as text",
        [](A& a, Value& v, const Text&) { a.url.user = parse_name(v.words.at(0), "the user name"); }},
    Key{"enabled", boolean, true, false, "give true or false",
        [](A& a, Value& v, const Text&) { a.enabled = parse_switch(v.words.at(0)); }},
    Key{"id", text, false, false, "give the mailbox's identity as text, as a rule user@host",
        [](A& a, Value& v, const Text&) { a.id = parse_name(v.words.at(0), "the id"); }},
    Key{"archive", text, true, false, "give the archive's folder as text",
        [](A& a, Value& v, const Text& base) { a.archive = parse_path(v.words.at(0), base); }},
    Key{"file", text, true, false, "give the mbox's name as text, e.g. \"{account}.mbox\"",
        [](A& a, Value& v, const Text&) { a.file = parse_file_template(v.words.at(0)); }},
    Key{"delete", text, true, false, "give \"never\", \"fetched\", \"after:30d\" or \"keep:100\"",
        [](A& a, Value& v, const Text&) { a.deletion = parse_delete_policy(v.words.at(0)); }},
    Key{"max_delete", text | number, true, false, "give a number of messages or \"20%\"",
        [](A& a, Value& v, const Text&) { a.max_delete = parse_max_delete(v.words.at(0)); }},
    Key{"limit", number, true, false, "give a number of messages, at least 1",
        [](A& a, Value& v, const Text& base) { set_limit(a, v, base); }},
    Key{"tls", text | boolean, false, false, "give \"on\" or \"off\"",
        [](A& a, Value& v, const Text&) { set_tls(a, parse_switch(v.words.at(0))); }},
    Key{"ca", text, true, false, "give the path of a file or folder of CA certificates as text",
        [](A& a, Value& v, const Text& base) { a.ca = parse_path(v.words.at(0), base); }},
    Key{"pin", text | list, true, false, "give \"sha256//…\" or a list of such",
        [](A& a, Value& v, const Text&) { a.pins = all_pins(v); }},
    Key{"client_cert", text, true, false, "give the path of a certificate as text",
        [](A& a, Value& v, const Text& base) { a.client_cert = parse_path(v.words.at(0), base); }},
    Key{"client_key", text, true, false, "give the path of a private key as text",
        [](A& a, Value& v, const Text& base) { a.client_key = parse_path(v.words.at(0), base); }},
    Key{"tls_min", text, true, false, "give \"1.2\" or \"1.3\"",
        [](A& a, Value& v, const Text&) { a.tls_min = parse_tls_version(v.words.at(0)); }},
    Key{"proxy", text, true, true, "give \"socks5h://[user@]host:port\" or \"http://[user@]host:port\"",
        [](A& a, Value& v, const Text&) { set_proxy(a, parse_proxy(v.words.at(0))); }},
    Key{"proxy_password_command", text | list, true, true,
        "give a command as text, or as a list of its arguments",
        [](A& a, Value& v, const Text&) { a.proxy_password.command = command_of(v); }},
    Key{"proxy_password_file", text, true, false, "give the path of a file as text",
        [](A& a, Value& v, const Text& base) { a.proxy_password.file = parse_path(v.words.at(0), base); }},
    Key{"source_address", text, true, false, "give an address of this machine as text",
        [](A& a, Value& v, const Text&) { a.source_address = parse_address(v.words.at(0)); }},
    Key{"ip_version", text | number, true, false, "give 4, 6 or \"any\"",
        [](A& a, Value& v, const Text&) { a.ip_version = parse_ip_version(v.words.at(0)); }},
    Key{"socket", text, false, false, "give the path of a Unix socket as text",
        [](A& a, Value& v, const Text& base) { a.socket = parse_path(v.words.at(0), base); }},
    Key{"tunnel", text | list, true, false, "give a command as text, or as a list of its arguments",
        [](A& a, Value& v, const Text&) { a.tunnel = command_of(v); }},
    Key{"auth", text, true, false,
        "give \"auto\" or a mechanism, e.g. \"user\", \"plain\", \"scram-sha-256\"",
        [](A& a, Value& v, const Text&) { a.auth = parse_auth(v.words.at(0)); }},
    Key{"password", text, false, true, "give the password as text in quotes", set_password},
    Key{"password_command", text | list, true, true, "give a command as text, or as a list of its arguments",
        [](A& a, Value& v, const Text&) { a.password.command = command_of(v); }},
    Key{"password_file", text, true, false, "give the path of a file as text",
        [](A& a, Value& v, const Text& base) { a.password.file = parse_path(v.words.at(0), base); }},
    Key{"token_command", text | list, true, true, "give a command as text, or as a list of its arguments",
        [](A& a, Value& v, const Text&) { a.token_command = command_of(v); }},
    Key{"oauth_client_id", text, true, false, "give the id under which popkeep is registered as text",
        [](A& a, Value& v, const Text&) { a.oauth.client_id = parse_scope(v.words.at(0)); }},
    Key{"oauth_client_secret", text, true, true, "give the client's secret as text in quotes",
        set_client_secret},
    Key{"oauth_client_secret_command", text | list, true, true,
        "give a command as text, or as a list of its arguments",
        [](A& a, Value& v, const Text&) { a.oauth.client_secret.command = command_of(v); }},
    Key{"oauth_client_secret_file", text, true, false, "give the path of a file as text",
        [](A& a, Value& v, const Text& base) {
            a.oauth.client_secret.file = parse_path(v.words.at(0), base);
        }},
    Key{"oauth_authorization_url", text, true, false, "give https://host/path as text",
        [](A& a, Value& v, const Text&) { a.oauth.authorization_url = parse_web_url(v.words.at(0)); }},
    Key{"oauth_token_url", text, true, false, "give https://host/path as text",
        [](A& a, Value& v, const Text&) { a.oauth.token_url = parse_web_url(v.words.at(0)); }},
    Key{"oauth_device_url", text, true, false, "give https://host/path as text",
        [](A& a, Value& v, const Text&) { a.oauth.device_url = parse_web_url(v.words.at(0)); }},
    Key{"oauth_redirect_url", text, true, false,
        "give http://127.0.0.1, http://localhost or https://… as text",
        [](A& a, Value& v, const Text&) { a.oauth.redirect_url = parse_web_url(v.words.at(0)); }},
    Key{"oauth_scope", text, true, false, "give scopes as text, with blanks between them",
        [](A& a, Value& v, const Text&) { a.oauth.scope = parse_scope(v.words.at(0)); }},
    Key{"oauth_ca", text, true, false, "give the path of a file or folder of CA certificates as text",
        [](A& a, Value& v, const Text& base) { a.oauth.ca = parse_path(v.words.at(0), base); }},
    Key{"oauth_store", text, true, false, "give \"file\" or \"keyring\"",
        [](A& a, Value& v, const Text&) { a.oauth.store = parse_store(v.words.at(0)); }},
    Key{"timeout", text | number, true, false, "give seconds, or text such as \"90s\" or \"5m\"",
        [](A& a, Value& v, const Text&) { a.timeout = parse_timeout(v.words.at(0)); }},
    Key{"pipelining", boolean, true, false, "give true or false",
        [](A& a, Value& v, const Text&) { a.pipelining = parse_switch(v.words.at(0)); }},
    Key{"after_fetch", text, true, true, "give a command for the shell as text",
        [](A& a, Value& v, const Text&) { a.after_fetch = parse_shell_command(v.words.at(0)); }},
    Key{"ping_url", text, true, true, "give https://host/path as text",
        [](A& a, Value& v, const Text&) { a.ping_url = parse_ping_url(v.words.at(0)); }},
};

}  // namespace

std::span<const Key> keys() {
    return all_keys;
}

bool is_credential(std::string_view key) noexcept {
    return key == "password" || key == "password_command" || key == "password_file" ||
           key == "token_command" || key == "oauth_client_id";
}

bool is_client_secret(std::string_view key) noexcept {
    return key.starts_with("oauth_client_secret");
}

bool is_proxy_password(std::string_view key) noexcept {
    return key.starts_with("proxy_password");
}

bool is_way(std::string_view key) noexcept {
    return key == "proxy" || key == "socket" || key == "tunnel";
}

const Key* find_key(std::string_view name) noexcept {
    const auto* const found = std::ranges::find(all_keys, name, &Key::name);
    return found == all_keys.end() ? nullptr : found;
}

void set(Account& account, std::string_view key, std::string_view value, const std::string& base) {
    const Key* const known = find_key(key);
    if (known == nullptr || key == "password" || key == "oauth_client_secret") {
        throw Error(Category::software, fmt::format("'{}' is not the key of a flag", key));
    }
    if (is_credential(key)) account.forget_credential();
    if (is_client_secret(key)) account.oauth.client_secret = {};
    if (is_proxy_password(key)) account.proxy_password = {};
    Value words{.words = {std::string(value)}, .list = false};
    known->apply(account, words, base);
}

}  // namespace popkeep::config
