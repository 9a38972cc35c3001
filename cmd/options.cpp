#include "options.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <limits>
#include <utility>

#include "base/error.hpp"
#include "config/values.hpp"

namespace popkeep::cmd {
namespace {

std::string auth_choices() {
    std::string choices = "auto";
    for (const sasl::Facts& mechanism : sasl::mechanisms()) choices += fmt::format("|{}", mechanism.key);
    return choices;
}

}  // namespace

namespace {

std::string working_directory() {
    std::error_code problem;
    std::string here = std::filesystem::current_path(problem).string();
    if (problem) throw system_error(problem.value(), "find the working directory", ".");
    return here;
}

}  // namespace

std::string path_here(std::string_view text) {
    return config::parse_path(text, working_directory());
}

void AccountFlags::declare_connection(Syntax& syntax) {
    // Parsed at once, so that a mistake is told before anything happens; applied to each account later.
    const auto change = [this](auto parse, auto set) {
        return [this, parse, set](std::string_view text) {
            changes_.emplace_back([value = parse(text), set](config::Account& a) { set(a, value); });
        };
    };
    const auto way = [this, change](auto parse, auto set) {
        return [this, take = change(parse, set)](std::string_view text) {
            take(text);
            way_ = true;
        };
    };
    using config::Account;
    syntax.group("Connection");
    syntax.option("--user", "NAME", "Sign in under this name.",
                  change([](auto text) { return config::parse_name(text, "a user name"); },
                         [](Account& a, const std::string& name) { a.url.user = name; }));
    syntax.option("--password-command", "COMMAND",
                  "Run this, without a shell; the password is the first line that it prints.",
                  [this](std::string_view text) { password_.command = config::parse_command(text); });
    syntax.option("--password-file", "FILE",
                  "The password is the first line of this file, which nobody else may be able to read.",
                  [this](std::string_view text) { password_.file = path_here(text); });
    syntax.option("--auth", auth_choices(), "How to sign in; auto is the default.",
                  change(config::parse_auth, [](Account& a, sasl::Mechanism auth) { a.auth = auth; }));
    syntax.option(
        "--tls", "on|off",
        "off lets password and mail travel in clear text; with pop3:// URLs only. on is the default.",
        change(config::parse_switch, [](Account& a, bool on) { config::set_tls(a, on); }));
    syntax.option(
        "--ca", "FILE",
        "Trust this certificate authority (a PEM file or a folder of them) instead of the system's.",
        change(path_here, [](Account& a, const std::string& path) { a.ca = path; }));
    syntax.option(
        "--pin", "sha256//…", "Accept only a server with this public key; `popkeep check` shows it.",
        change(config::parse_pins, [](Account& a, const std::vector<std::string>& pins) { a.pins = pins; }));
    syntax.option("--client-cert", "FILE", "Show the server this certificate (PEM).",
                  change(path_here, [](Account& a, const std::string& path) { a.client_cert = path; }));
    syntax.option("--client-key", "FILE", "Its private key, if not in the same file.",
                  change(path_here, [](Account& a, const std::string& path) { a.client_key = path; }));
    syntax.option("--tls-min", "1.2|1.3", "The oldest TLS that is good enough; 1.2 is the default.",
                  change(config::parse_tls_version, [](Account& a, config::TlsVersion v) { a.tls_min = v; }));
    syntax.option("--proxy", "URL", "Go through this proxy: http://host:port, socks5h://host:port …",
                  way(config::parse_proxy, config::set_proxy));
    syntax.option("--proxy-password-command", "COMMAND",
                  "Run this, without a shell; the proxy's password is the first line that it prints.",
                  change(config::parse_command, [](Account& a, const std::vector<std::string>& command) {
                      a.proxy_password = {};
                      a.proxy_password.command = command;
                  }));
    syntax.option("--proxy-password-file", "FILE", "The proxy's password is the first line of this file.",
                  change(path_here, [](Account& a, const std::string& path) {
                      a.proxy_password = {};
                      a.proxy_password.file = path;
                  }));
    syntax.option("--source-address", "ADDRESS", "Connect from this address of this machine.",
                  change(config::parse_address,
                         [](Account& a, const std::string& address) { a.source_address = address; }));
    syntax.option(
        "--ip-version", "any|4|6", "Use IPv4 or IPv6 only; any is the default.",
        change(config::parse_ip_version, [](Account& a, config::IpVersion v) { a.ip_version = v; }));
    syntax.option("--socket", "PATH", "The server listens on this Unix socket.",
                  way(path_here, [](Account& a, const std::string& path) { a.socket = path; }));
    syntax.option("--tunnel", "COMMAND",
                  "Speak with the server through this command's standard streams: ssh HOST nc localhost 110.",
                  way(config::parse_command,
                      [](Account& a, const std::vector<std::string>& command) { a.tunnel = command; }));
    syntax.option("--timeout", "TIME", "Wait at most so long for any single answer: 90s, 2m.",
                  change(config::parse_timeout, [](Account& a, std::chrono::seconds t) { a.timeout = t; }));
    syntax.option("--pipelining", "on|off",
                  "off sends one command at a time, whatever the server advertises. on is the default.",
                  change(config::parse_switch, [](Account& a, bool on) { a.pipelining = on; }));
    declare_oauth(syntax);
}

void AccountFlags::declare_job(Syntax& syntax) {
    using config::Account;
    const auto change = [this](auto parse, auto set) {
        return [this, parse, set](std::string_view text) {
            changes_.emplace_back([value = parse(text), set](config::Account& a) { set(a, value); });
        };
    };
    syntax.group("What goes where");
    syntax.option("--to,--archive", "DIR", "The archive.",
                  change(path_here, [](Account& a, const std::string& path) { a.archive = path; }));
    syntax.option("--file", "TEMPLATE",
                  "The mbox within the archive. {account}.mbox is the default; {account}/%Y-%m.mbox makes "
                  "one for every month of fetching.",
                  change(config::parse_file_template, [](Account& a, const std::string& t) { a.file = t; }));
    syntax.option(
        "--id", "IDENTITY",
        "Take the mailbox for this one, if its name or host has changed since (default: user@host).",
        change([](auto text) { return config::parse_name(text, "an identity"); },
               [](Account& a, const std::string& id) { a.id = id; }));
    syntax.option(
        "--limit", "N", "Fetch at most N new messages in this run.",
        change(
            [](auto text) { return config::parse_count(text, 1, std::numeric_limits<std::uint32_t>::max()); },
            [](Account& a, std::uint64_t limit) { a.limit = limit; }));
    syntax.group("Deleting on the server");
    syntax.option(
        "--delete", "never|fetched|after:TIME|keep:N",
        "never is the default. fetched: everything that is archived and still listed. after:30d: what was "
        "archived at least 30 days ago (s, m, h, d and w are understood). keep:100: all but the newest 100. "
        "A "
        "message that is not archived is neither counted nor deleted.",
        change(config::parse_delete_policy,
               [](Account& a, config::DeletePolicy policy) { a.deletion = policy; }));
    syntax.option(
        "--max-delete", "N|P%",
        "The brake: a run that would delete more deletes nothing, says so, and exits with 75. By default 100 "
        "messages or 20 % of the listing, whichever is more.",
        change(config::parse_max_delete, [](Account& a, config::MaxDelete most) { a.max_delete = most; }));
}

void SettingFlags::declare(Syntax& syntax) {
    // Tried at once, so that a mistake is told before anything happens.
    const auto key = [this](const char* name) {
        return [this, name](std::string_view given) {
            const auto change = [name, text = std::string(given)](config::Settings& settings) {
                config::set(settings, name, text, working_directory());
            };
            config::Settings trial;
            change(trial);
            changes_.emplace_back(change);
        };
    };
    syntax.option("--jobs", "N", "Fetch from N accounts at the same time, 1 to 256. 4 is the default.",
                  key("jobs"));
    syntax.option("--per-host", "N", "Of them, at most N at one host. 4 is the default.", key("per_host"));
    syntax.option("--log", "FILE",
                  "Append to FILE what the run did, errors included, a line with a time stamp each. It is "
                  "written whoever looks, and is readable for its owner alone.",
                  key("log"));
    syntax.option(
        "--metrics", "FILE",
        "Write the accounts' figures there for Prometheus or node_exporter; `popkeep help monitoring` has "
        "them.",
        key("metrics"));
}

config::Settings SettingFlags::over(config::Settings settings) const {
    for (const auto& change : changes_) change(settings);
    return settings;
}

void declare_config(Syntax& syntax, std::optional<std::string>& path) {
    syntax.option("--config", "FILE",
                  "Read this instead of ~/.config/popkeep/popkeep.toml or /etc/popkeep/popkeep.toml.",
                  [&path](std::string_view text) { path = path_here(text); });
}

void declare_json(Syntax& syntax, bool& json) {
    syntax.flag("--json", "Print JSON lines; `popkeep help json` describes them.", json);
}

void declare_manner(Syntax& syntax, report::Manner& manner) {
    declare_json(syntax, manner.json);
    syntax.flag("-q,--quiet", "Print errors only.", manner.quiet);
    syntax.flag("-v,--verbose", "Show the conversation with the server, secrets masked.", manner.verbose);
}

}  // namespace popkeep::cmd
