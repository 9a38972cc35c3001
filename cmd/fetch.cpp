#include <fmt/format.h>

#include <memory>
#include <optional>

#include "accounts.hpp"
#include "archive/archive.hpp"
#include "asking_sender.hpp"
#include "asking_tokens.hpp"
#include "base/interrupt.hpp"
#include "base/text.hpp"
#include "command.hpp"
#include "exit_code.hpp"
#include "fetch/run.hpp"
#include "fetch/told.hpp"
#include "hidden.hpp"
#include "jobs/pool.hpp"
#include "monitoring.hpp"
#include "newborn.hpp"
#include "oauth_client.hpp"
#include "options.hpp"
#include "report/json_line.hpp"
#include "report/output.hpp"
#include "report/overview.hpp"
#include "report/progress_block.hpp"
#include "report/report.hpp"
#include "secret/obtain.hpp"
#include "secret/password.hpp"

namespace popkeep::cmd {
namespace {

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
        syntax.example("popkeep fetch", "Every enabled account of popkeep.toml, four at a time.");
        syntax.example("popkeep fetch work --delete after:30d --dry-run",
                       "What would be fetched and deleted; nothing is changed.");
        syntax.arguments(
            "ACCOUNT… | URL",
            "Accounts of the configuration, or pop3s://user@host[:port]. A user name may hold an @.", names_);
        syntax.flag("-n,--dry-run",
                    "Show what would be fetched and deleted. No message is retrieved, none deleted, and no "
                    "file written but the log and OAuth tokens that were renewed.",
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
        settings_.declare(syntax);
        flags_.declare_job(syntax);
        flags_.declare_monitoring(syntax);
        flags_.declare_connection(syntax);
        syntax.exits(65, "a message stays refused by the server, or the ledger is damaged");
        syntax.exits(68, "the host name is unknown");
        syntax.exits(69, "the server refuses the connection");
        syntax.exits(70, "a defect in popkeep, or an account's process was killed");
        syntax.exits(73, "no archive is there");
        syntax.exits(74, "the disk is full or failed");
        syntax.exits(75, "try again later: busy, locked, timed out, some messages missing, or the brake");
        syntax.exits(76, "the server broke the protocol, offers no STLS, or its certificate is wrong");
        syntax.exits(77, "the sign-in was refused, or a file may not be read");
        syntax.exits(78, "popkeep.toml is wrong");
        syntax.exits(130, "stopped by Ctrl-C (143: by SIGTERM); what was complete is archived");
    }

    bool json() const override { return manner_.json; }

    int run() override {
        secret::forbid_core_dumps();
        try {
            return fetch_chosen();
        } catch (const Error& error) {
            if (manner_.json || manner_.loud() || !kept_back(error, "", "")) throw;
            return error.exit_code();
        }
    }

  private:
    class Watcher;

    int fetch_chosen() {
        const Chosen chosen = chosen_accounts(names_, config_, flags_);
        const config::Settings settings = settings_.over(chosen.settings);
        if (!settings.log.empty()) {
            log_ = std::make_unique<report::Log>(settings.log);
            manner_.log = log_.get();
        }
        Monitoring monitoring(chosen.accounts, settings, manner_, dry_run_);
        const int code = chosen.accounts.size() == 1 ? fetch_one(chosen.accounts.front(), monitoring)
                                                     : fetch_all(chosen.accounts, settings, monitoring);
        monitoring.finish();
        return code;
    }

    // Whether nobody is told of an error that came before fetch::run() could judge it.
    bool kept_back(const Error& error, const std::string& archive, const std::string& account) const {
        return !dry_run_ && !secret::person_is_there() && fetch::told_today(archive, account, error);
    }

    report::Subject subject_of(const config::Account& account) const {
        return {account.name, place_of(account), account.archive, dry_run_};
    }

    std::optional<std::string> founded_if_missing(const config::Account& account) const {
        if (account.archive.empty()) {
            throw Error(Category::usage, "no archive was named")
                .next("say where the mail should go, for example --to ~/Mail/old");
        }
        return require_archive(account, !dry_run_);
    }

    // Knows the password, which may be asked for.
    fetch::Job prepared(const config::Account& account) const {
        fetch::Job job = job_of(account, flags_);
        job.dry_run = dry_run_;
        job.drain = drain_;
        return job;
    }

    bool by_url() const { return !names_.empty() && config::looks_like_url(names_[0]); }

    fetch::Summary run_job(const config::Account& account, fetch::Job job,
                           const std::optional<std::string>& founded, fetch::Observer& observer) const {
        if (founded) observer.note(*founded);
        if (manner_.verbose) {
            job.session.trace = [&observer](pop3::Direction direction, std::string_view line) {
                observer.conversation(direction, line);
            };
        }
        fetch::Summary summary = fetch::run(job, observer);
        if (drain_ && !dry_run_ && !summary.error)
            for (const std::string& sentence : hidden_by_provider(account, job, by_url()))
                observer.note(sentence);
        return summary;
    }

    int fetch_one(const config::Account& account, Monitoring& monitoring) const {
        monitoring.begun(account);
        report::Subject subject = subject_of(account);
        std::unique_ptr<report::Report> report;
        fetch::Summary summary;
        Newborn newborn(account);
        try {
            const auto founded = founded_if_missing(account);
            if (founded) newborn.is_founded();
            fetch::Job job = prepared(account);
            job.founded = founded.has_value();
            subject.account = job.name;
            report = report::make_report(manner_, subject);
            report->begin();
            summary = run_job(account, std::move(job), founded, *report);
        } catch (const Error& error) {
            summary.error = error;
            summary.silent = kept_back(error, account.archive, account.name);
        }
        if (!summary.error) newborn.keep();
        if (!report) report = report::make_report(manner_, subject);
        report->finish(summary);
        monitoring.ended(account, subject, summary);
        return summary.exit_code();
    }

    int fetch_all(const std::vector<config::Account>& accounts, const config::Settings& settings,
                  Monitoring& monitoring);

    // In the process of one account of several. Another one may be using an archive that this one founded, so
    // that it stays whatever happens.
    fetch::Summary fetch_apart(const config::Account& account, jobs::Sender& sender) const {
        report::forget_parents_output();
        AskingSender observer(sender, account.name);
        try {
            return fetch_or_throw(account, sender, observer);
        } catch (const Error& error) {
            fetch::Summary summary;
            summary.error = error;
            summary.silent = kept_back(error, account.archive, account.name);
            return summary;
        }
    }

    fetch::Summary fetch_or_throw(const config::Account& account, jobs::Sender& sender,
                                  fetch::Observer& observer) const {
        std::optional<jobs::Sender::Terminal> terminal;
        if (may_ask(account)) terminal.emplace(sender);
        const auto founded = founded_if_missing(account);
        fetch::Job job = prepared(account);
        terminal.reset();
        if (secret::person_is_there() && runs_command_for_tokens(account))
            job.tokens = std::make_shared<AskingTokens>(std::move(job.tokens), sender);
        return run_job(account, std::move(job), founded, observer);
    }

    // Whatever may ask at the terminal, a command for the password included, has it for itself.
    bool may_ask(const config::Account& account) const {
        const secret::Source& source = flags_.password().empty() ? account.password : flags_.password();
        const bool knows_all = account.url.user && account.proxy_password.command.empty() &&
                               (!takes_password(account) || source.text || !source.file.empty());
        return secret::person_is_there() && !(knows_all && archive::Archive::is_one(account.archive));
    }

    std::vector<std::string> names_;
    std::optional<std::string> config_;
    AccountFlags flags_;
    SettingFlags settings_;
    report::Manner manner_;
    std::unique_ptr<report::Log> log_;
    bool dry_run_ = false, drain_ = false;
};

// Tells of several accounts as their processes tell.
class Fetch::Watcher : public jobs::Watcher {
  public:
    Watcher(const Fetch& fetch, const std::vector<config::Account>& accounts, Monitoring& monitoring)
        : fetch_(fetch),
          accounts_(accounts),
          monitoring_(monitoring),
          reports_(accounts.size()),
          overview_(accounts.size(), fetch.manner_) {}

    void before_fork() override { report::flush_out(); }

    fetch::Observer& begun(std::size_t task) override {
        overview_.begun();
        monitoring_.begun(accounts_[task]);
        report::Subject subject = fetch_.subject_of(accounts_[task]);
        subject.several = true;
        reports_[task] = report::make_report(fetch_.manner_, std::move(subject));
        reports_[task]->begin();
        return *reports_[task];
    }

    void ended(std::size_t task, const fetch::Summary& summary) override {
        overview_.add(fetch_.subject_of(accounts_[task]), summary);
        reports_[task]->finish(summary);
        reports_[task].reset();
        monitoring_.ended(accounts_[task], fetch_.subject_of(accounts_[task]), summary);
        code_ = graver(code_, summary.exit_code());
    }

    void terminal_lent() override { report::lend_terminal(); }
    void terminal_returned() override { report::take_terminal_back(); }
    void tick() override {
        monitoring_.tick();
        report::ProgressBlock::screen().draw();
    }

    int finish() {
        if (!overview_.all_begun()) code_ = graver(code_, interrupt::exit_code());
        overview_.print(code_);
        return code_;
    }

  private:
    const Fetch& fetch_;
    const std::vector<config::Account>& accounts_;
    Monitoring& monitoring_;
    std::vector<std::unique_ptr<report::Report>> reports_;
    report::Overview overview_;
    int code_ = 0;
};

int Fetch::fetch_all(const std::vector<config::Account>& accounts, const config::Settings& settings,
                     Monitoring& monitoring) {
    std::vector<jobs::Task> tasks;
    tasks.reserve(accounts.size());
    for (const config::Account& account : accounts) {
        tasks.push_back({account.url.host,
                         [this, &account](jobs::Sender& sender) { return fetch_apart(account, sender); }});
    }
    Watcher watcher(*this, accounts, monitoring);
    jobs::run(tasks, {settings.jobs, settings.per_host}, watcher);
    return watcher.finish();
}

}  // namespace

std::unique_ptr<Command> make_fetch() {
    return std::make_unique<Fetch>();
}

}  // namespace popkeep::cmd
