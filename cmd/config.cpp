#include <fmt/format.h>

#include "base/text.hpp"
#include "command.hpp"
#include "config/file.hpp"
#include "options.hpp"
#include "report/json_line.hpp"
#include "report/output.hpp"
#include "report/text_layout.hpp"
#include "secret/password.hpp"

namespace popkeep::cmd {
namespace {

using Lines = std::vector<std::pair<std::string, std::string>>;

std::string password_source(const secret::Source& source) {
    if (source.text) return "********";
    if (!source.command.empty()) return "output of: " + fmt::format("{}", fmt::join(source.command, " "));
    if (!source.file.empty()) return "first line of " + source.file;
    return "not here: a systemd credential, POPKEEP_PASSWORD, netrc, or asked for";
}

// What was understood, key by key; what the file doesn't say shows its default where there is one.
Lines lines_of(const config::Account& account) {
    Lines lines{{"url", account.url.text()},
                {"enabled", account.enabled ? "true" : "false"},
                {"archive", account.archive.empty() ? "not given" : account.archive},
                {"file", account.file},
                {"id", account.identity().value_or("user@host, once the user is known")},
                {"delete", to_text(account.deletion)},
                {"max_delete", account.max_delete ? to_text(*account.max_delete)
                                                  : "100 messages or 20%, whichever is more"},
                {"auth", to_text(account.auth)},
                {"password", password_source(account.password)}};
    const auto if_given = [&](const char* key, const std::string& value) {
        if (!value.empty()) lines.emplace_back(key, value);
    };
    if (account.url.transport == config::Transport::plaintext) {
        lines.emplace_back("tls", "off: password and mail travel in clear text");
    }
    if (account.limit) lines.emplace_back("limit", std::to_string(*account.limit));
    if (account.timeout) lines.emplace_back("timeout", std::to_string(account.timeout->count()) + "s");
    if (!account.pipelining) lines.emplace_back("pipelining", "off");
    if_given("ca", account.ca);
    if_given("pin", fmt::format("{}", fmt::join(account.pins, ";")));
    if_given("client_cert", account.client_cert);
    if_given("client_key", account.client_key);
    if_given("proxy", account.proxy);
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
        if (json_) {
            report::print_json_start("config");
        } else {
            report::out(fmt::format("{} is as it should be\n", printable(*path, 4096)));
        }
        if (!account_.empty()) {
            print(configuration.get(account_));
        } else {
            for (const config::Account& account : configuration.accounts) print(account);
        }
        return 0;
    }

  private:
    void print(const config::Account& account) const {
        const Lines lines = lines_of(account);
        if (json_) {
            report::JsonLine line("account");
            line.add("name", account.name);
            for (const auto& [key, value] : lines) line.add(key, value);
            line.print();
            return;
        }
        report::out(fmt::format("\n{}\n", printable(account.name)));
        for (const auto& [key, value] : lines) {
            report::out(report::labelled(key, printable(value, 4096)));
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
