#include <fmt/format.h>

#include <utility>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "command.hpp"
#include "config/file.hpp"
#include "exit_code.hpp"
#include "options.hpp"
#include "report/json_line.hpp"
#include "report/output.hpp"
#include "report/status_text.hpp"
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
            "listed, what is wrong, and what the next run will delete there. No server is asked. Without "
            "an argument: every enabled account of the configuration.");
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
        const std::int64_t time = now();
        const auto all = gather(time);
        int code = 0;
        std::string stale;
        for (const Standing& standing : all) {
            const bool old = max_age_ && (standing.problem || standing.older_than(*max_age_, time));
            if (old) stale += fmt::format("{}{}", stale.empty() ? "" : ", ", excuse(standing, time));
            if (old) code = graver(code, static_cast<int>(Category::temporary));
            if (standing.problem) code = graver(code, standing.problem->exit_code());
            show(standing, time, old);
        }
        if (!stale.empty()) {
            const std::string limit = human_duration(static_cast<double>(*max_age_));
            report::complain(
                Error(Category::temporary, fmt::format("no success within {}: {}", limit, stale)));
        }
        return code;
    }

  private:
    static std::int64_t parse_age(std::string_view text) {
        if (const auto age = parse_duration(text)) return *age;
        throw Error(Category::usage, fmt::format("\"{}\" is no length of time", printable(text)))
            .next("write a number and s, m, h, d or w: 26h");
    }

    std::vector<Standing> gather(std::int64_t time) {
        if (target_.given()) {
            if (const auto& account = target_.account()) return {standing_of(*account, time)};
            // An archive's folder tells of all that it knows, whatever is configured.
            auto archive = target_.open(archive::Access::read);
            return standings(archive);
        }
        const auto path = config::find(target_.config());
        if (!path) {
            throw Error(Category::usage, "no archive was named, and there is no configuration file")
                .next("give the archive's folder");
        }
        const config::Configuration configuration = config::load(*path);
        std::vector<Standing> all;
        for (const config::Account& account : configuration.accounts) {
            if (account.enabled) all.push_back(standing_of(account, time));
        }
        return all;
    }

    // What a monitor's one line says of an account.
    static std::string excuse(const Standing& standing, std::int64_t time) {
        return fmt::format(
            "{} ({})", printable(standing.account),
            standing.problem ? standing.problem->sentence() : ago(standing.last_success, time));
    }

    void show(const Standing& standing, std::int64_t time, bool old) {
        // A monitor gets its one line and nothing else.
        const bool page = !json_ && !quiet_ && (!max_age_ || report::out_is_terminal());
        if (standing.problem && !page && !max_age_) report::complain(*standing.problem, standing.account);
        if (json_) report::print_standing_json(standing, old);
        if (page && std::exchange(shown_, true)) report::out("\n");
        if (page) report::print_standing(standing, time);
    }

    Target target_;
    std::optional<std::int64_t> max_age_;
    bool json_ = false, quiet_ = false, shown_ = false;
};

}  // namespace

std::unique_ptr<Command> make_status() {
    return std::make_unique<Status>();
}

}  // namespace popkeep::cmd
