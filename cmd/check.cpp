#include <fmt/format.h>

#include "accounts.hpp"
#include "archive/archive.hpp"
#include "base/interrupt.hpp"
#include "base/text.hpp"
#include "command.hpp"
#include "exit_code.hpp"
#include "fetch/run.hpp"
#include "fetch/sign_in.hpp"
#include "options.hpp"
#include "report/json.hpp"
#include "report/json_line.hpp"
#include "report/output.hpp"
#include "report/server.hpp"
#include "report/summary_text.hpp"
#include "report/text_layout.hpp"
#include "secret/password.hpp"

namespace popkeep::cmd {
namespace {

// Shows the server, and what a fetch would bring in numbers.
class Look : public fetch::Observer {
  public:
    Look(std::string account, bool json) : account_(std::move(account)), json_(json) {}

    void connected(const pop3::Session& session) override {
        json_ ? report::print_server_json(session, account_) : report::print_server(session);
    }
    void planned(const fetch::Plan& plan) override {
        if (json_) {
            report::JsonLine("plan")
                .add("account", account_)
                .add("listed", plan.listed)
                .add("wanted", plan.wanted)
                .add("wanted_octets", plan.wanted_octets)
                .add("would_delete", static_cast<std::uint64_t>(plan.remove.size()))
                .print();
            return;
        }
        report::out("a fetch now", report::plan_text(plan, false));
        if (!plan.remove.empty()) {
            report::out("would delete", counted_messages(plan.remove.size()) + " on the server");
        }
    }

  private:
    std::string account_;
    bool json_;
};

class Check : public Command {
  public:
    void declare(Syntax& syntax) override {
        syntax.describe(
            "[OPTION…] [ACCOUNT… | URL]",
            "Connects, signs in, lists and leaves. Shows what the server is, the TLS connection and "
            "its certificate, and what a fetch would bring. Nothing is fetched or changed.");
        syntax.example("popkeep check pop3s://me@example.com@pop.example.com", "No archive is needed.");
        syntax.example("popkeep check work --verbose", "With the whole conversation.");
        syntax.arguments("ACCOUNT… | URL", "Accounts of the configuration, or pop3s://user@host[:port].",
                         names_);
        declare_json(syntax, json_);
        syntax.flag("-v,--verbose", "Show the conversation with the server, secrets masked.", verbose_);
        declare_config(syntax, config_);
        flags_.declare_job(syntax);
        flags_.declare_connection(syntax);
        syntax.exits(68, "the host name is unknown");
        syntax.exits(69, "the server refuses the connection");
        syntax.exits(75, "try again later: busy or timed out");
        syntax.exits(76, "the server broke the protocol, offers no STLS, or its certificate is wrong");
        syntax.exits(77, "the sign-in was refused");
        syntax.exits(78, "popkeep.toml is wrong");
    }

    bool json() const override { return json_; }

    int run() override {
        secret::forbid_core_dumps();
        int code = 0;
        for (const config::Account& account : chosen_accounts(names_, config_, flags_).accounts) {
            if (interrupt::requested()) {
                // The last account has told of the stop, unless it came as that was being left.
                if (code != interrupt::exit_code()) interrupt::check();
                break;
            }
            code = graver(code, check(account));
        }
        return code;
    }

  private:
    int check(const config::Account& account) const {
        try {
            fetch::Job job = job_of(account, flags_);
            job.dry_run = true;
            if (verbose_) job.session.trace = report::conversation();
            if (!json_) report::out(fmt::format("{} at {}\n", printable(job.name), job.endpoint.place()));
            look_before_sign_in(job);
            Look look(job.name, json_);
            if (archive::Archive::is_one(job.archive)) {
                const fetch::Summary summary = fetch::run(job, look);
                if (summary.error) throw Error(*summary.error);
                return 0;
            }
            auto session = fetch::open_session(job, job.session);
            look.connected(session);
            session.quit();
            return 0;
        } catch (const Error& error) {
            if (json_) report::print_json_error(error, account.name);
            report::complain(error, account.name);
            return error.exit_code();
        }
    }

    // Whoever has to decide whether to trust the server sees what it shows, whatever is wrong with it.
    pop3::Meeting met(const fetch::Job& job) const {
        try {
            return pop3::meet(job.endpoint, job.session);
        } catch (const pop3::CertificateRefused& refused) {
            const pop3::TlsFacts& presented = refused.presented();
            if (presented.chain.empty()) throw;
            json_ ? report::print_unverified_json(presented, job.name) : report::print_unverified(presented);
            throw;
        }
    }

    // On a connection of its own, so that the server is shown also if it lets nobody in.
    void look_before_sign_in(const fetch::Job& job) const {
        const pop3::Meeting meeting = met(job);
        if (!json_) report::print_meeting(meeting);
        try {
            const std::string way_in = meeting.way_in(job.login);
            if (json_) return report::print_offer_json(meeting, job.name, way_in);
            report::out("sign-in", fmt::format("{}, {}", way_in,
                                               job.login.mechanism == pop3::Mechanism::automatic
                                                   ? "chosen from what is offered"
                                                   : "as asked for"));
        } catch (const pop3::LoginRefused&) {
            if (json_) report::print_offer_json(meeting, job.name, std::nullopt);
            throw;
        }
    }

    std::vector<std::string> names_;
    std::optional<std::string> config_;
    AccountFlags flags_;
    bool json_ = false, verbose_ = false;
};

}  // namespace

std::unique_ptr<Command> make_check() {
    return std::make_unique<Check>();
}

}  // namespace popkeep::cmd
