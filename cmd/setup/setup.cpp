#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "accounts.hpp"
#include "archive/archive.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "command.hpp"
#include "config/file.hpp"
#include "config/section.hpp"
#include "config/template.hpp"
#include "oauth_client.hpp"
#include "options.hpp"
#include "report/output.hpp"
#include "report/summary_text.hpp"
#include "report/text_layout.hpp"
#include "secret/home.hpp"
#include "secret/obtain.hpp"
#include "secret/prompt.hpp"
#include "setup/keeping.hpp"
#include "setup/keys.hpp"
#include "setup/lines.hpp"
#include "setup/place.hpp"
#include "setup/trial.hpp"
#include "shell_word.hpp"

namespace popkeep::cmd {
namespace {

using namespace setup;

void tell(std::string_view text) {
    report::err(report::wrapped(text, report::terminal_width(), 0));
}

class Setup : public Command {
  public:
    void declare(Syntax& syntax) override {
        syntax.describe(
            "[OPTION…] ADDRESS",
            "Finds the address's POP3 server, signs in once, and writes the account into popkeep.toml. Asks "
            "for what it needs to know, or takes it from options. What stands in the file stays as it is.");
        syntax.example("popkeep setup me@example.com", "");
        syntax.example("popkeep setup me@gmail.com --print", "Only print what would be written.");
        syntax.example("popkeep setup me@example.com --to ~/Mail/old --password-file ~/old.password",
                       "Everything is said: nothing is asked.");
        syntax.argument("ADDRESS", "The mailbox's e-mail address.", address_);
        syntax.flag("--print", "Print the account's section; ask, try and write nothing.", print_);
        syntax.flag("--no-check", "Write the account without signing in.", unchecked_);
        syntax.option(
            "--name", "NAME", "The account's name (default: from the domain).",
            [this](std::string_view text) { name_ = config::parse_name(text, "an account's name"); });
        syntax.option("--provider", "NAME",
                      "The server is this provider's, whatever the domain: see popkeep-providers(7).",
                      [this](std::string_view text) { provider_ = provider_named(text); });
        syntax.option("--url", "URL", "The server: pop3s://host[:port], or pop3://host[:port] for STLS.",
                      [this](std::string_view text) { url_ = config::parse_url(text); });
        syntax.option("--to,--archive", "DIR", "The archive (default: ~/Mail/NAME).",
                      [this](std::string_view text) { archive_ = path_here(text); });
        syntax.option(
            "--store", "ask|file|keyring",
            "How a password that was typed is kept: not at all, in a file that only you can read, or in the "
            "desktop's keyring.",
            [this](std::string_view text) { store_ = parse_store(text); });
        syntax.flag("-v,--verbose", "Show the conversation with the server, secrets masked.", verbose_);
        declare_config(syntax, config_);
        keys_.declare(syntax);
        syntax.exits(68, "no server was found, or its name is unknown");
        syntax.exits(69, "the server refuses the connection");
        syntax.exits(73, "the archive can't be founded");
        syntax.exits(74, "the configuration can't be written");
        syntax.exits(75, "try again later: busy or timed out");
        syntax.exits(76, "the server broke the protocol, offers no STLS, or its certificate is wrong");
        syntax.exits(77, "the sign-in was refused, or there is no password and nobody to ask");
        syntax.exits(78, "popkeep.toml is wrong");
    }

    int run() override {
        secret::forbid_core_dumps();
        if (address_.empty())
            throw Error(Category::usage, "no address was named")
                .next("for example: popkeep setup me@example.com");
        const bool person = secret::person_is_there() && !print_;
        const Address address = parse_address(address_);
        read_configuration();
        choose_name(address);
        understand_keys();
        const Place place = find_place(address, {url_, provider_}, account_, person);
        if (!place.how.empty()) tell(place.how);
        if (!print_ && place.provider != nullptr)
            for (const auto& text : advice(*place.provider, name_))
                report::err(report::wrapped(text, report::terminal_width(), 2));
        prepare_oauth(place, person);
        choose_archive(person);
        auto lines = account_lines(address, place, name_, archive_, keys_);
        if (print_) {
            report::out(config::section(name_, lines));
            return 0;
        }
        understand(lines);
        const auto trial = signed_in(place, person);
        found_archive(person);
        finish_lines(lines, trial, place, person);
        config::append(path_, config::section(name_, lines));
        tell_end(place, trial);
        return 0;
    }

  private:
    static const provider::Provider* provider_named(std::string_view id) {
        if (const auto* known = provider::find_id(id)) return known;
        std::vector<std::string> ids;
        for (const auto& provider : provider::all()) ids.push_back(provider.id);
        const auto near = nearest(id, ids);
        throw Error(Category::usage, fmt::format("popkeep knows no provider \"{}\"", printable(id)))
            .next(near ? fmt::format("did you mean {}?", *near) : "popkeep-providers(7) lists them");
    }

    void read_configuration() {
        path_ = config::own_file(config_);
        std::error_code problem;
        if (std::filesystem::exists(std::filesystem::symlink_status(path_, problem)))
            before_ = config::load(path_);
    }

    void choose_name(const Address& address) {
        const bool given = !name_.empty();
        if (!given) name_ = address.domain.substr(0, address.domain.find('.'));
        if (!given && before_.find(name_) != nullptr) name_ = address.whole;
        if (before_.find(name_) == nullptr) return;
        throw Error(Category::usage, fmt::format("there is an account '{}' already", printable(name_)))
            .at(path_)
            .next("give --name for another one, or edit the file");
    }

    /// What is tried is what would be written: the account as it is with the file's [defaults].
    void understand(const std::vector<config::SectionLine>& lines) {
        account_ = config::appended(path_, config::section(name_, lines)).get(name_);
    }

    /// The same as long as the server isn't known.
    void understand_keys() {
        auto lines = keys_.lines();
        // No real host has the name, and any value of `tls` goes with the scheme.
        lines.insert(lines.begin(), config::SectionLine{"", "url", "pop3://host.invalid"});
        understand(lines);
    }

    bool signs_in_by_browser() const { return !account_.oauth.client_id.empty(); }

    void prepare_oauth(const Place& place, bool person) {
        if (place.provider == nullptr) return;
        const auto& ways = place.provider->sign_in;
        const bool only = ways.size() == 1 && ways.front() == provider::SignIn::oauth;
        if (only && !uses_tokens(account_) && person) {
            const auto id =
                secret::ask("Client id for OAuth (popkeep-login(1) says how to get one): ", secret::Echo::on);
            if (!id.empty()) keys_.set("oauth_client_id", id);
            understand_keys();
        }
        if (only && !uses_tokens(account_) && !print_)
            throw Error(Category::usage,
                        fmt::format("{} takes no passwords, only OAuth", place.provider->name))
                .next("give --oauth-client-id (see popkeep-login(1)) or --token-command");
    }

    void choose_archive(bool person) {
        if (!archive_.empty()) return;
        const std::string home = secret::home_folder();
        if (home.empty())
            throw Error(Category::usage, "there is no home folder for the archive").next("give --to DIR");
        const std::string offered = fmt::format("{}/Mail/{}", home, config::account_file_name(name_));
        const std::string typed =
            person ? secret::ask(fmt::format("Archive [{}]: ", printable(offered, 4096)), secret::Echo::on)
                   : "";
        archive_ = typed.empty() ? offered : path_here(typed);
    }

    /// Nothing if it can't be tried yet.
    std::optional<Trial> signed_in(const Place& place, bool person) const {
        if (unchecked_ || signs_in_by_browser()) return std::nullopt;
        return sign_in_once(account_, place.provider, person, verbose_);
    }

    void found_archive(bool person) const {
        std::error_code problem;
        const bool empty =
            !std::filesystem::exists(archive_, problem) || std::filesystem::is_empty(archive_, problem);
        // One that is there may be half founded: by a setup that was killed.
        if (archive::Archive::is_one(archive_) || (!person && empty)) {
            if (const auto adopted = archive::Archive::found(archive_); adopted > 0)
                tell(fmt::format("{} that lay in the archive already {} taken over",
                                 counted_messages(adopted), adopted == 1 ? "was" : "were"));
            return;
        }
        config::Account account;
        account.archive = archive_;
        require_archive(account, true);
    }

    void finish_lines(std::vector<config::SectionLine>& lines, const std::optional<Trial>& trial,
                      const Place& place, bool person) const {
        if (!takes_password(account_) || (trial && !trial->credential)) return;
        if (keys_.has("password_command") || keys_.has("password_file")) return;
        // A source in [defaults] is enough, unless --store wants another one.
        if (!account_.password.empty() && !store_) return;
        if (!trial) {
            lines.push_back(kept_elsewhere("", name_));
        } else if (trial->credential->origin == "the prompt" || store_) {
            lines.push_back(keep(trial->credential->password, person || store_ ? store_ : Store::ask,
                                 {name_, trial->credential->user, place.url.host, path_}));
        } else {
            lines.push_back(kept_elsewhere(trial->credential->origin, name_));
        }
    }

    void tell_end(const Place& place, const std::optional<Trial>& trial) const {
        report::out(fmt::format("account \"{}\" is set up\n", printable(name_)));
        if (trial) report::out("server", trial->connection);
        report::out("written to", printable(path_, 4096));
        report::out("archive", printable(archive_, 4096));
        if (trial) report::out("first fetch", report::plan_text(trial->plan, false));
        const bool portions = place.provider != nullptr && place.provider->behaviour.portion > 0;
        if (trial && portions)
            report::out("", fmt::format("{} lists about {} at a time, so there may be more",
                                        place.provider->name, place.provider->behaviour.portion));
        tell_shadowed();
        if (signs_in_by_browser()) report::out("next", fmt::format("popkeep login {}", shell_word(name_)));
        report::out(signs_in_by_browser() ? "then" : "next",
                    fmt::format("popkeep fetch {}{}", shell_word(name_), portions ? " --drain" : ""));
    }

    /// The first file of one's own hides the system's.
    void tell_shadowed() const {
        if (config_ || !before_.path.empty() || access("/etc/popkeep/popkeep.toml", F_OK) != 0) return;
        report::out("note", "with a file of your own, /etc/popkeep/popkeep.toml is not read any more");
    }

    std::string address_, name_, archive_, path_;
    std::optional<std::string> config_;
    std::optional<config::Url> url_;
    const provider::Provider* provider_ = nullptr;
    std::optional<Store> store_;
    Keys keys_;
    config::Configuration before_;
    config::Account account_;
    bool print_ = false, unchecked_ = false, verbose_ = false;
};

}  // namespace

std::unique_ptr<Command> make_setup() {
    return std::make_unique<Setup>();
}

}  // namespace popkeep::cmd
