#include <fmt/format.h>

#include <optional>
#include <type_traits>
#include <variant>

#include "base/text.hpp"
#include "command.hpp"
#include "config/file.hpp"
#include "config/monitoring.hpp"
#include "options.hpp"
#include "report/json_line.hpp"
#include "report/output.hpp"
#include "report/text_layout.hpp"
#include "secret/password.hpp"

namespace popkeep::cmd {
namespace {

// A key as it was understood: its value for programs, null where nothing was given, and in words for people,
// empty where that isn't worth a line.
struct Line {
    using Value = std::variant<std::nullptr_t, std::string, bool, std::uint64_t, std::vector<std::string>>;
    std::string key;
    Value value;
    std::string text;
};

Line::Value or_null(const std::string& value) {
    if (value.empty()) return nullptr;
    return value;
}

// Never the secret itself; to programs, whose output may be kept, not the command either.
Line secret_line(const char* key, const secret::Source& source, std::string_view without) {
    if (source.text) return {key, "text", "********"};
    if (!source.command.empty())
        return {key, "command", fmt::format("output of: {}", fmt::join(source.command, " "))};
    if (!source.file.empty()) return {key, "file", "first line of " + source.file};
    return {key, nullptr, std::string(without)};
}

Line password_line(const config::Account& account) {
    if (!account.token_command.empty()) {
        return {"password", "token_command",
                fmt::format("a token, output of: {}", fmt::join(account.token_command, " "))};
    }
    if (!account.oauth.client_id.empty())
        return {"password", "oauth", "a token, by OAuth 2.0: see popkeep-login(1)"};
    return secret_line("password", account.password,
                       "not here: a systemd credential, POPKEEP_PASSWORD, netrc, the keyring, or asked for");
}

// Key by key; what the file doesn't say has its default where there is one.
std::vector<Line> lines_of(const config::Account& account) {
    const bool plaintext = account.url.transport == config::Transport::plaintext;
    const bool tls_13 = account.tls_min == config::TlsVersion::v1_3;
    const std::string ip_version = to_text(account.ip_version);
    std::string proxy = account.proxy;
    if (!account.proxy_user.empty()) proxy.insert(proxy.find("://") + 3, account.proxy_user + "@");
    const auto identity = account.identity();
    std::vector<Line> lines{
        {"url", account.url.text(), account.url.text()},
        {"enabled", account.enabled, account.enabled ? "true" : "false"},
        {"archive", or_null(account.archive), account.archive.empty() ? "not given" : account.archive},
        {"file", account.file, account.file},
        {"id", or_null(identity.value_or("")), identity.value_or("user@host, once the user is known")},
        {"delete", to_text(account.deletion), to_text(account.deletion)},
        {"max_delete", or_null(account.max_delete ? to_text(*account.max_delete) : ""),
         account.max_delete ? to_text(*account.max_delete) : "100 messages or 20%, whichever is more"},
        {"auth", std::string(sasl::key_of(account.auth)), std::string(sasl::key_of(account.auth))},
        password_line(account),
        {"tls", plaintext ? "off" : "on", plaintext ? "off: password and mail travel in clear text" : "on"},
        {"tls_min", tls_13 ? "1.3" : "1.2", tls_13 ? "1.3" : "1.2"},
        {"ip_version", ip_version, ip_version},
        {"tunnel", account.tunnel.empty() ? Line::Value(nullptr) : Line::Value("command"),
         fmt::format("{}", fmt::join(account.tunnel, " "))},
        {"pipelining", account.pipelining, account.pipelining ? "on" : "off"},
        {"pin", account.pins, fmt::format("{}", fmt::join(account.pins, ";"))},
        secret_line("proxy_password", account.proxy_password, ""),
        secret_line("oauth_client_secret", account.oauth.client_secret, ""),
        {"after_fetch", account.after_fetch.empty() ? Line::Value(nullptr) : Line::Value("command"),
         account.after_fetch}};
    const std::string ping = account.ping_url.empty() ? "" : config::without_secret(account.ping_url);
    lines.push_back({"ping_url", or_null(ping), ping});
    const auto number = [&](const char* key, std::optional<std::uint64_t> value, const char* unit) {
        lines.push_back(
            {key, value ? Line::Value(*value) : nullptr, value ? fmt::format("{}{}", *value, unit) : ""});
    };
    number("limit", account.limit, "");
    number(
        "timeout",
        account.timeout ? std::optional(static_cast<std::uint64_t>(account.timeout->count())) : std::nullopt,
        "s");
    const bool oauth = !account.oauth.client_id.empty();
    for (const auto& [key, value] : {std::pair<const char*, std::string>{"ca", account.ca},
                                     {"client_cert", account.client_cert},
                                     {"client_key", account.client_key},
                                     {"proxy", proxy},
                                     {"source_address", account.source_address},
                                     {"socket", account.socket},
                                     {"oauth_client_id", account.oauth.client_id},
                                     {"oauth_authorization_url", account.oauth.authorization_url},
                                     {"oauth_token_url", account.oauth.token_url},
                                     {"oauth_device_url", account.oauth.device_url},
                                     {"oauth_scope", account.oauth.scope},
                                     {"oauth_redirect_url", oauth ? account.oauth.redirect_url : ""},
                                     {"oauth_store", oauth ? to_text(account.oauth.store) : ""},
                                     {"oauth_ca", account.oauth.ca}}) {
        lines.push_back({key, or_null(value), value});
    }
    return lines;
}

class Config : public Command {
  public:
    void declare(Syntax& syntax) override {
        syntax.describe(
            "[OPTION…] [ACCOUNT]",
            "Checks the configuration file and shows what popkeep understood. No server is asked, and "
            "no password is shown.");
        syntax.example("popkeep config", "");
        syntax.example("popkeep config --config ./popkeep.toml work", "One account of another file.");
        syntax.argument("ACCOUNT", "Only this one.", account_);
        declare_json(syntax, json_);
        declare_config(syntax, config_);
        syntax.exits(78, "the file is wrong: what, where, and what is allowed");
    }

    bool json() const override { return json_; }

    int run() override {
        secret::forbid_core_dumps();
        const auto path = config::find(config_);
        if (!path) {
            throw Error(Category::configuration, "there is no configuration file")
                .next("popkeep looks for ~/.config/popkeep/popkeep.toml and /etc/popkeep/popkeep.toml");
        }
        const config::Configuration configuration = config::load(*path);
        if (!json_) report::out(fmt::format("{} is as it should be\n", printable(*path, 4096)));
        if (!account_.empty()) {
            print(configuration.get(account_));
        } else {
            for (const config::Account& account : configuration.accounts) print(account);
            print(configuration.settings);
        }
        return 0;
    }

  private:
    void print(const config::Settings& settings) const {
        if (json_) {
            report::JsonLine line("settings");
            line.add("jobs", settings.jobs).add("per_host", settings.per_host);
            for (const auto& [key, path] : {std::pair("log", settings.log), {"metrics", settings.metrics}})
                path.empty() ? line.add_null(key) : line.add(key, path);
            line.print();
            return;
        }
        report::out("\nall accounts together\n");
        report::out("jobs", std::to_string(settings.jobs));
        report::out("per_host", std::to_string(settings.per_host));
        for (const auto& [key, path] : {std::pair("log", settings.log), {"metrics", settings.metrics}})
            report::out(key, path.empty() ? "none" : printable(path, 4096));
    }

    void print(const config::Account& account) const {
        const std::vector<Line> lines = lines_of(account);
        if (json_) {
            report::JsonLine object("account");
            object.add("name", account.name);
            for (const Line& line : lines) {
                std::visit([&](const auto& value) { add(object, line.key, value); }, line.value);
            }
            object.print();
            return;
        }
        report::out(fmt::format("\n{}\n", printable(account.name)));
        for (const Line& line : lines) {
            if (!line.text.empty()) report::out(line.key, printable(line.text, 4096));
        }
    }

    template <class T>
    static void add(report::JsonLine& object, const std::string& key, const T& value) {
        if constexpr (std::is_null_pointer_v<T>) {
            object.add_null(key);
        } else {
            object.add(key, value);
        }
    }

    std::string account_;
    std::optional<std::string> config_;
    bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> make_config() {
    return std::make_unique<Config>();
}

}  // namespace popkeep::cmd
