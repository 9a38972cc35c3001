#include "config/monitoring.hpp"
#include "options.hpp"

namespace popkeep::cmd {

void AccountFlags::declare_monitoring(Syntax& syntax) {
    using config::Account;
    syntax.group("Monitoring");
    syntax.option(
        "--after-fetch", "COMMAND",
        "When an account's run is over, run this by the shell, with its summary as JSON (a line) on standard "
        "input. It has a minute.",
        [this](std::string_view text) {
            changes_.emplace_back([command = config::parse_shell_command(text)](Account& account) {
                account.after_fetch = command;
            });
        });
    syntax.option(
        "--ping-url", "URL",
        "Tell a monitoring service such as healthchecks.io: URL/start, then URL or URL/fail. Others on this "
        "machine may see a command line: keep a secret URL in popkeep.toml.",
        [this](std::string_view text) {
            changes_.emplace_back(
                [url = config::parse_ping_url(text)](Account& account) { account.ping_url = url; });
        });
}

}  // namespace popkeep::cmd
