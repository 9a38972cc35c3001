#include "setup/trial.hpp"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "accounts.hpp"
#include "archive/archive.hpp"
#include "base/interrupt.hpp"
#include "base/text.hpp"
#include "fetch/run.hpp"
#include "fetch/sign_in.hpp"
#include "pop3/session.hpp"
#include "report/json.hpp"
#include "report/output.hpp"
#include "report/text_layout.hpp"
#include "setup/lines.hpp"

namespace popkeep::cmd::setup {
namespace {

constexpr int most_attempts = 3;

std::string connection_of(const pop3::Session& session) {
    const auto tls = session.tls();
    return fmt::format("signed in by {}{}", session.signed_in_by(),
                       tls.version.empty() ? ", without TLS" : ", " + printable(tls.version));
}

class Look : public fetch::Observer {
  public:
    explicit Look(Trial& trial) : trial_(trial) {}
    void connected(const pop3::Session& session) override { trial_.connection = connection_of(session); }
    void planned(const fetch::Plan& plan) override { trial_.plan = plan; }

  private:
    Trial& trial_;
};

void try_job(const fetch::Job& job, Trial& trial) {
    // Without a ledger it was half founded, and the end of setup does the rest.
    if (archive::Archive::is_one(job.archive) && !archive::Archive::has_lost_its_ledger(job.archive)) {
        Look look(trial);
        const auto summary = fetch::run(job, look);
        if (summary.error) throw Error(*summary.error);
        return;
    }
    auto session = fetch::open_session(job, job.session);
    trial.connection = connection_of(session);
    const auto& listing = session.listing();
    trial.plan.listed = trial.plan.wanted = listing.messages().size();
    trial.plan.listed_octets = trial.plan.wanted_octets = listing.octets();
    for (const auto& message : listing.messages()) trial.plan.unsized += message.octets ? 0U : 1U;
    session.quit();
}

void explain(const Error& refusal, const config::Account& account, const provider::Provider* provider) {
    report::complain(refusal);
    if (provider == nullptr) {
        const auto at = account.url.user->rfind('@');
        if (at != std::string::npos)
            report::err(fmt::format("  Some servers want a user name without the domain: --user {}\n",
                                    printable(account.url.user->substr(0, at))));
        return;
    }
    for (const auto& text : advice(*provider, account.name))
        report::err(report::wrapped(text, report::terminal_width(), 2));
}

}  // namespace

Trial sign_in_once(const config::Account& account, const provider::Provider* provider, bool person,
                   bool verbose) {
    for (int attempt = 1;; ++attempt) {
        Trial trial;
        config::Account tried = account;
        if (auto credential = credential_of(account, {}); !credential.origin.empty()) {
            trial.credential = std::move(credential);
            tried.password = {};
            tried.password.text = std::make_shared<const secret::Password>(
                std::string(trial.credential->password.view()), trial.credential->origin);
        }
        fetch::Job job = job_of(tried, {});
        job.dry_run = true;
        if (verbose) job.session.trace = report::conversation();
        try {
            try_job(job, trial);
            // Leaving the server keeps quiet about a stop.
            interrupt::check();
            return trial;
        } catch (const Error& error) {
            const bool typed = trial.credential && trial.credential->origin == "the prompt";
            if (error.category() != Category::permission) throw;
            if (!person || !typed || attempt == most_attempts) {
                if (provider != nullptr && !person) explain(error, account, provider);
                throw;
            }
            explain(error, account, provider);
        }
    }
}

}  // namespace popkeep::cmd::setup
