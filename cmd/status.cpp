#include <fmt/format.h>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "command.hpp"
#include "config/file.hpp"
#include "options.hpp"
#include "report/json_line.hpp"
#include "report/output.hpp"
#include "report/text_layout.hpp"
#include "standing.hpp"
#include "target.hpp"

namespace popkeep::cmd {
namespace {

class Status : public Command {
  public:
    void declare(Syntax& syntax) override {
        syntax.describe(
            "[OPTION…] [ARCHIVE | ACCOUNT]",
            "Shows for each account when it was last fetched, what is archived, what the server last "
            "listed, and what is wrong. No server is asked. Without an argument: every account of "
            "the configuration.");
        syntax.example("popkeep status", "");
        syntax.example(
            "popkeep status --max-age 26h",
            "For monitoring: one line and exit code 75 if an account had no success for 26 hours.");
        syntax.argument("ARCHIVE | ACCOUNT", "The archive's folder, or an account of the configuration.",
                        target_.word());
        syntax.option("--max-age", "TIME",
                      "Complain on standard error of accounts whose last success is older: 90m, 26h, 3d. "
                      "Without a terminal nothing else is printed.",
                      [this](std::string_view text) { max_age_ = parse_age(text); });
        declare_json(syntax, json_);
        syntax.flag("-q,--quiet", "Print only what is wrong.", quiet_);
        target_.declare(syntax, false);
        syntax.exits(73, "no archive is there");
        syntax.exits(75, "an account's last success is older than --max-age");
        syntax.exits(78, "popkeep.toml is wrong");
    }

    bool json() const override { return json_; }

    int run() override {
        const auto all = gather();
        if (json_) report::print_json_start("status");
        const std::int64_t time = now();
        std::string stale;
        for (const Standing& standing : all) {
            const bool old = max_age_ && standing.older_than(*max_age_, time);
            if (old) {
                stale += fmt::format("{}{} ({})", stale.empty() ? "" : ", ", printable(standing.account),
                                     ago(standing.last_success, time));
            }
            if (json_) {
                print_json(standing, old);
            } else if (!quiet_ && (!max_age_ || report::out_is_terminal())) {
                // A monitor gets its one line and nothing else.
                print(standing, time);
            }
        }
        if (stale.empty()) return 0;
        report::complain(Error(
            Category::temporary,
            fmt::format("no success within {}: {}", human_duration(static_cast<double>(*max_age_)), stale)));
        return static_cast<int>(Category::temporary);
    }

  private:
    static std::int64_t parse_age(std::string_view text) {
        if (const auto age = parse_duration(text)) return *age;
        throw Error(Category::usage, fmt::format("\"{}\" is no length of time", printable(text)))
            .next("write a number and s, m, h, d or w: 26h");
    }

    std::vector<Standing> gather() {
        if (target_.given()) {
            auto archive = target_.open(archive::Access::read);
            return standings(archive, target_.account());
        }
        const auto path = config::find(target_.config());
        if (!path) {
            throw Error(Category::usage, "no archive was named, and there is no configuration file")
                .next("give the archive's folder");
        }
        std::vector<Standing> all;
        for (const config::Account& account : config::load(*path).accounts) {
            if (!account.enabled) continue;
            auto archive = archive::Archive::open(account.archive, archive::Access::read);
            for (Standing& standing : standings(archive, account.name)) all.push_back(std::move(standing));
        }
        return all;
    }

    static void print(const Standing& standing, std::int64_t time) {
        const auto line = [](const char* label, const std::string& text) {
            report::out(report::labelled(label, text));
        };
        report::out(fmt::format("{}\n", standing.account.empty() ? "no account has been fetched yet"
                                                                 : printable(standing.account)));
        line("archive", printable(standing.archive, 4096));
        if (standing.unclaimed > 0) {
            line("unclaimed",
                 counted(standing.unclaimed, "message that no account", "messages that no account") +
                     " was found to have");
        }
        if (!standing.ever_tried) return line("last fetched", "never");
        line("last fetched", standing.last_success
                                 ? fmt::format("{} ({})", local_time(*standing.last_success),
                                               ago(standing.last_success, time))
                                 : "never");
        if (standing.last_exit.value_or(0) != 0) {
            line("last attempt",
                 fmt::format("{}: {}", ago(standing.last_attempt, time),
                             standing.last_error.empty() ? fmt::format("exit code {}", *standing.last_exit)
                                                         : printable(standing.last_error)));
        }
        line("archived", fmt::format("{}, {}", counted(standing.archived, "message", "messages"),
                                     human_size(standing.bytes)));
        if (standing.listing) {
            line("on the server",
                 fmt::format("{}, {}, as listed {}", counted(standing.listing->count, "message", "messages"),
                             human_size(standing.listing->octets), ago(standing.listing->taken_at, time)));
        }
        if (standing.missing > 0) {
            line("missing", fmt::format("{}; `popkeep verify` shows more",
                                        counted(standing.missing, "message", "messages")));
        }
        for (const ledger::Refusal& refusal : standing.refusals) {
            line("refused",
                 fmt::format("UID {}: {} times since {}: {}", printable(refusal.uid, 80), refusal.count,
                             local_time(refusal.first_at), printable(refusal.said, 200)));
        }
    }

    static void print_json(const Standing& standing, bool stale) {
        report::JsonLine line("status");
        line.add("account", standing.account)
            .add("archive", standing.archive)
            .add_time("last_success", standing.last_success)
            .add_time("last_attempt", standing.last_attempt)
            .add("last_exit", standing.last_exit)
            .add("last_error", standing.last_error)
            .add("archived", standing.archived)
            .add("bytes", standing.bytes)
            .add("missing", standing.missing)
            .add("unclaimed", standing.unclaimed)
            .add("refused", static_cast<std::uint64_t>(standing.refusals.size()))
            .add("stale", stale);
        if (standing.listing) {
            line.add("listed", standing.listing->count)
                .add("listed_octets", standing.listing->octets)
                .add_time("listed_at", standing.listing->taken_at);
        }
        line.print();
    }

    Target target_;
    std::optional<std::int64_t> max_age_;
    bool json_ = false, quiet_ = false;
};

}  // namespace

std::unique_ptr<Command> make_status() {
    return std::make_unique<Status>();
}

}  // namespace popkeep::cmd
