#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/account.hpp"
#include "config/settings.hpp"
#include "fetch/run.hpp"
#include "monitor/hook.hpp"
#include "monitor/ping.hpp"
#include "report/report.hpp"

namespace popkeep::cmd {

/// What the accounts of a run and its settings want others to know of it: pings, commands, metrics. Lives in
/// the process that the person started. Nothing of it changes what is archived, holds up a fetch, or changes
/// the exit code.
class Monitoring {
  public:
    /// `dry_run`: nobody is told anything.
    Monitoring(const std::vector<config::Account>& accounts, const config::Settings& settings,
               const report::Manner& manner, bool dry_run);

    /// Before anything of an account's run is done in this process.
    void begun(const config::Account& account);
    /// `subject` has the name by which the run knows the account.
    void ended(const config::Account& account, const report::Subject& subject, const fetch::Summary& summary);
    /// Now and then, while others go on.
    void tick() { hooks_.look(); }
    /// When no account goes on or will be begun: waits for what isn't over yet.
    void finish();

  private:
    /// Accounts with one address are one thing to the service: begun with the first, ended with the last.
    struct Watched {
        std::size_t to_come = 0;
        std::optional<monitor::Ping> ping;
        std::string errors;
    };
    struct Ended {
        config::Account account;
        fetch::Summary summary;
        std::int64_t time;
    };

    void add_to_ping(const config::Account& account, const std::string& name, const fetch::Summary& summary);
    void write_metrics() const;
    void fail_stopped_pings();
    void finish_pings();
    /// Without a terminal once a day, like other troubles that last.
    void warn(const std::string& account, const std::string& sentence) const;
    void note(const std::string& sentence) const;

    const report::Manner& manner_;
    bool dry_run_;
    std::string metrics_;
    std::vector<Ended> ended_;                     // for the metrics
    std::map<std::string, std::string> archives_;  // by account
    std::map<std::string, Watched> watched_;
    monitor::Hooks hooks_;
};

}  // namespace popkeep::cmd
