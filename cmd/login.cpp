#include "oauth/login.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>

#include "accounts.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "command.hpp"
#include "file/fd.hpp"
#include "oauth_client.hpp"
#include "options.hpp"
#include "process/spawn.hpp"
#include "report/output.hpp"
#include "secret/keyring.hpp"
#include "secret/obtain.hpp"
#include "secret/prompt.hpp"

namespace popkeep::cmd {
namespace {

/// Opens a browser where there is a display; false if there is none, or no program to do it.
bool open_browser(const std::string& url) {
    if (std::getenv("DISPLAY") == nullptr && std::getenv("WAYLAND_DISPLAY") == nullptr) return false;
    // What a browser says is none of ours, and a paste isn't its.
    const file::Fd nothing(open("/dev/null", O_RDWR | O_CLOEXEC));
    if (!nothing) return false;
    try {
        process::spawn({"xdg-open", url}, {nothing.get(), nothing.get(), nothing.get()}, false);
        return true;
    } catch (const SystemError&) {
        return false;
    }
}

class AtTerminal : public oauth::Person {
  public:
    explicit AtTerminal(bool browser) : browser_(browser) {}

    void invite(const std::string& url, bool comes_back) override {
        const bool opened = browser_ && comes_back && open_browser(url);
        report::out(fmt::format("{}\n\n{}\n\n",
                                opened ? "A browser should show this page now; sign in there:"
                                       : "Open this page in a browser and sign in:",
                                printable(url, 8000)));
        report::out(
            comes_back
                ? "popkeep goes on when you have. If the browser is on another machine, it will end at\n"
                  "a page that it can't show: paste that page's address here.\n"
                : "Then paste the address of the page that the browser ends at here.\n");
        report::flush_out();
    }
    void invite_with_code(const std::string& url, const std::string& code,
                          const std::string& direct) override {
        report::out(fmt::format("On any device, open\n\n    {}\n\nand type this code:\n\n    {}\n\n",
                                printable(url, 2000), printable(code, 100)));
        if (!direct.empty()) report::out(fmt::format("Or open {}\n\n", printable(direct, 2000)));
        report::out("popkeep goes on when you have signed in.\n");
        report::flush_out();
    }
    void tell(const std::string& sentence) override { report::err(fmt::format("popkeep: {}\n", sentence)); }
    int input() const override { return STDIN_FILENO; }

  private:
    bool browser_;
};

class Login : public Command {
  public:
    void declare(Syntax& syntax) override {
        syntax.describe(
            "[OPTION…] ACCOUNT | URL",
            "Signs an account in, once and for the runs to come. With OAuth 2.0 (`oauth_client_id`) "
            "in the browser or by a code on another device; the tokens are kept where nobody else "
            "can read them, and renewed as long as the provider allows. For an account with a "
            "password it asks for it and puts it into the keyring.");
        syntax.example("popkeep login work", "");
        syntax.example("popkeep login work --device", "By a code that is typed on another device.");
        syntax.example("popkeep login work --forget", "Remove what is kept.");
        syntax.argument("ACCOUNT | URL", "An account of the configuration, or pop3s://user@host[:port].",
                        account_);
        syntax.flag("--device", "Sign in by a code that is typed on another device.", device_);
        syntax.flag("--no-browser", "Open no browser; show the address only.", no_browser_);
        syntax.flag("--forget", "Remove the account's tokens, or its password from the keyring.", forget_);
        declare_config(syntax, config_);
        flags_.declare_oauth(syntax);
        syntax.exits(68, "the authorization server's name is unknown");
        syntax.exits(69, "the authorization server can't be reached");
        syntax.exits(75, "try again later, or nobody signed in in time");
        syntax.exits(76, "the authorization server's answers or certificate are wrong");
        syntax.exits(77, "the sign-in was turned down, or there is no keyring");
        syntax.exits(78, "popkeep.toml is wrong, or the provider doesn't know the client");
    }

    int run() override {
        secret::forbid_core_dumps();
        if (account_.empty())
            throw Error(Category::usage, "no account was named").next("`popkeep config` shows them");
        const config::Account account = chosen_accounts({account_}, config_, flags_).accounts.front();
        if (!account.token_command.empty())
            throw Error(Category::configuration, "this account's tokens come from token_command")
                .at(account.name)
                .next("sign in with that program, or give oauth_client_id instead");
        if (!account.url.user)
            throw Error(Category::configuration, "the account has no user name")
                .at(account.name)
                .next("give the key user");
        account.oauth.client_id.empty() ? keep_password(account) : sign_in(account);
        return 0;
    }

  private:
    void sign_in(const config::Account& account) const {
        const oauth::Client client = oauth_client_of(account);
        const oauth::Store store(client, keep_of(account));
        if (forget_) {
            const file::Fd lock = store.lock();
            return tell_forgotten(store.remove(), store.place());
        }
        const bool device = device_ || client.authorization_url.empty();
        if (device && client.device_url.empty())
            throw Error(Category::configuration, "the provider has no device flow that is known here")
                .at(account.name)
                .next("give oauth_device_url, or sign in without --device");
        AtTerminal person(!no_browser_);
        const oauth::Tokens tokens =
            device ? oauth::sign_in_by_device(client, person) : oauth::sign_in_by_browser(client, person);
        {
            const file::Fd lock = store.lock();
            store.save(tokens);
        }
        report::out(fmt::format("Signed in. The tokens are kept in {}.\n", printable(store.place(), 4096)));
        if (tokens.refresh.empty())
            report::err(
                "popkeep: the provider gave no refresh token, so this lasts for about an hour; ask for a "
                "scope that "
                "allows it, such as offline_access\n");
        report::out(fmt::format("Try it: popkeep check {}\n", printable(account.name)));
    }

    void keep_password(const config::Account& account) const {
        if (!account.password.empty())
            throw Error(Category::configuration, "this account's password has a source already")
                .at(account.name)
                .next("remove password, password_command or password_file first: an account has one source");
        if (device_)
            throw Error(Category::usage, "--device is for accounts with oauth_client_id").at(account.name);
        const std::string& user = *account.url.user;
        const auto attributes = secret::keyring::password_of(user, account.url.host);
        if (forget_) return tell_forgotten(secret::keyring::remove(attributes), "the keyring");
        // Before anything is typed: is there a keyring?
        secret::keyring::find(attributes, true);
        const secret::Password password(
            secret::ask(
                fmt::format("Password of {} at {}: ", printable(user, 255), printable(account.url.host, 255)),
                secret::Echo::off),
            "the prompt");
        secret::keyring::store(attributes, fmt::format("POP3 password of {} at {}", user, account.url.host),
                               std::string(password.view()));
        report::out(fmt::format("The password is in the keyring.\nTry it: popkeep check {}\n",
                                printable(account.name)));
    }

    static void tell_forgotten(bool was_there, const std::string& place) {
        report::out(was_there ? fmt::format("Removed from {}.\n", printable(place, 4096))
                              : fmt::format("There was nothing in {}.\n", printable(place, 4096)));
    }

    std::string account_;
    std::optional<std::string> config_;
    AccountFlags flags_;
    bool device_ = false, no_browser_ = false, forget_ = false;
};

}  // namespace

std::unique_ptr<Command> make_login() {
    return std::make_unique<Login>();
}

}  // namespace popkeep::cmd
