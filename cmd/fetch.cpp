#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "accounts.hpp"
#include "archive/unfound.hpp"
#include "base/interrupt.hpp"
#include "base/text.hpp"
#include "command.hpp"
#include "fetch/run.hpp"
#include "hidden.hpp"
#include "options.hpp"
#include "report/json.hpp"
#include "report/json_line.hpp"
#include "report/output.hpp"
#include "secret/password.hpp"

namespace popkeep::cmd {
namespace {

// Over several accounts the gravest failure is the exit code: first what needs a person most.
int graver(int a, int b) {
    static constexpr std::array order{130, 143, 70, 74, 73, 65, 78, 64, 77, 76, 68, 69, 75, 0};
    return *std::ranges::find_first_of(order, std::array{a, b});
}

// An archive that this run founds. If the run fails before anything came into it (a mistyped password, a
// wrong host), none stays behind.
class Newborn {
  public:
    explicit Newborn(const config::Account& account)
        : directory_(account.archive), was_there_(access(directory_.c_str(), F_OK) == 0) {}
    Newborn(const Newborn&) = delete;
    Newborn& operator=(const Newborn&) = delete;
    ~Newborn() {
        if (founded_) archive::unfound(directory_, !was_there_);
    }
    void is_founded() { founded_ = true; }
    void keep() { founded_ = false; }

  private:
    std::string directory_;
    bool was_there_, founded_ = false;
};

class Fetch : public Command {
  public:
    void declare(Syntax& syntax) override {
        syntax.describe(
            "[OPTION…] [ACCOUNT… | URL]",
            "Brings every message that isn't in the archive yet, and then deletes on the server what "
            "the account's policy says and the archive safely holds. Without a terminal it is silent "
            "when all is well.");
        syntax.example(
            "popkeep fetch pop3s://me@example.com@pop.example.com --to ~/Mail/old",
            "One mailbox; asks for the password. pop3s:// is TLS from the start, pop3:// is STLS.");
        syntax.example("popkeep fetch", "Every enabled account of popkeep.toml.");
        syntax.example("popkeep fetch work --delete after:30d --dry-run",
                       "What would be fetched and deleted; nothing is changed.");
        syntax.arguments(
            "ACCOUNT… | URL",
            "Accounts of the configuration, or pop3s://user@host[:port]. A user name may hold an @.", names_);
        syntax.flag("-n,--dry-run",
                    "Show what would be fetched and deleted. No message is retrieved, none deleted, and no "
                    "file written.",
                    dry_run_);
        syntax.flag(
            "--drain",
            "Session after session, until one brings nothing new: for providers that show their mail in "
            "portions. Where the server wants a pause between two logins (LOGIN-DELAY), it is kept, an hour "
            "at "
            "most.",
            drain_);
        declare_manner(syntax, manner_);
        declare_config(syntax, config_);
        flags_.declare_job(syntax);
        flags_.declare_connection(syntax);
        syntax.exits(65, "a message stays refused by the server, or the ledger is damaged");
        syntax.exits(68, "the host name is unknown");
        syntax.exits(69, "the server refuses the connection");
        syntax.exits(73, "no archive is there");
        syntax.exits(74, "the disk is full or failed");
        syntax.exits(75, "try again later: busy, locked, timed out, some messages missing, or the brake");
        syntax.exits(76, "the server broke the protocol, offers no STLS, or its certificate is wrong");
        syntax.exits(77, "the sign-in was refused");
        syntax.exits(78, "popkeep.toml is wrong");
        syntax.exits(130, "stopped by Ctrl-C (143: by SIGTERM); what was complete is archived");
    }

    bool json() const override { return manner_.json; }

    int run() override {
        secret::forbid_core_dumps();
        if (manner_.json) report::print_json_start("fetch");
        const auto accounts = chosen_accounts(names_, config_, flags_);
        int code = 0;
        for (const config::Account& account : accounts) {
            code = graver(code, run_account(account));
            if (interrupt::requested()) break;
        }
        return code;
    }

  private:
    int run_account(const config::Account& account) {
        try {
            if (account.archive.empty()) {
                throw Error(Category::usage, "no archive was named")
                    .next("say where the mail should go, for example --to ~/Mail/old");
            }
            Newborn newborn(account);
            const auto founded = require_archive(account, !dry_run_);
            if (founded) newborn.is_founded();
            fetch::Job job = job_of(account, flags_);
            job.dry_run = dry_run_;
            job.drain = drain_;
            if (manner_.verbose) job.session.trace = report::conversation();
            const auto report =
                report::make_report(manner_, {job.name, place_of(account), job.archive, dry_run_});
            if (founded) report->note(*founded);
            const fetch::Summary summary = fetch::run(job, *report);
            if (!summary.error) newborn.keep();
            if (drain_ && !dry_run_ && !summary.error)
                for (const std::string& sentence : hidden_by_provider(account)) report->note(sentence);
            report->finish(summary);
            return summary.exit_code();
        } catch (const Error& error) {
            // Failed before the run began: the other accounts are tried all the same.
            fetch::Summary failed;
            failed.error = error;
            if (manner_.json) {
                report::Json({account.name, place_of(account), account.archive, dry_run_}).finish(failed);
            } else {
                report::complain(error, account.name);
            }
            return error.exit_code();
        }
    }

    std::vector<std::string> names_;
    std::optional<std::string> config_;
    AccountFlags flags_;
    report::Manner manner_;
    bool dry_run_ = false, drain_ = false;
};

}  // namespace

std::unique_ptr<Command> make_fetch() {
    return std::make_unique<Fetch>();
}

}  // namespace popkeep::cmd
