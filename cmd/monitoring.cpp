#include "monitoring.hpp"

#include <fmt/format.h>

#include <chrono>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "config/monitoring.hpp"
#include "fetch/told.hpp"
#include "figures.hpp"
#include "monitor/metrics.hpp"
#include "report/json.hpp"
#include "report/output.hpp"

namespace popkeep::cmd {

Monitoring::Monitoring(const std::vector<config::Account>& accounts, const config::Settings& settings,
                       const report::Manner& manner, bool dry_run)
    : manner_(manner),
      dry_run_(dry_run),
      metrics_(settings.metrics),
      hooks_([this](const std::string& account, const std::string& sentence) { warn(account, sentence); }) {
    for (const config::Account& account : accounts) {
        if (!account.ping_url.empty()) ++watched_[account.ping_url].to_come;
    }
}

void Monitoring::begun(const config::Account& account) {
    if (dry_run_ || account.ping_url.empty()) return;
    Watched& watched = watched_.at(account.ping_url);
    if (watched.ping) return;
    try {
        watched.ping.emplace(account.ping_url);
    } catch (const Error& error) {
        note(fmt::format("no ping to {}: {}", config::without_secret(account.ping_url), error.what()));
    }
}

void Monitoring::ended(const config::Account& account, const report::Subject& subject,
                       const fetch::Summary& summary) {
    if (dry_run_) return;
    archives_[subject.account] = subject.archive;
    if (!account.ping_url.empty()) add_to_ping(account, subject.account, summary);
    if (!account.after_fetch.empty()) {
        report::flush_out();
        hooks_.start(subject.account, account.after_fetch, report::summary_line(subject, summary));
    }
    if (metrics_.empty()) return;
    ended_.push_back({account, summary, now()});
    ended_.back().account.name = subject.account;
}

void Monitoring::add_to_ping(const config::Account& account, const std::string& name,
                             const fetch::Summary& summary) {
    Watched& watched = watched_.at(account.ping_url);
    if (summary.error)
        watched.errors += fmt::format("{}{}: {}", watched.errors.empty() ? "" : "; ", printable(name),
                                      printable(summary.error->what(), 4096));
    if (--watched.to_come > 0 || !watched.ping) return;
    if (watched.errors.empty()) {
        watched.ping->succeeded();
    } else {
        watched.ping->failed(watched.errors);
    }
}

void Monitoring::finish() {
    if (dry_run_) return;
    // They go their way while the commands are waited for.
    fail_stopped_pings();
    write_metrics();
    hooks_.wait();
    finish_pings();
}

void Monitoring::write_metrics() const {
    if (metrics_.empty()) return;
    try {
        std::vector<monitor::Figures> all;
        all.reserve(ended_.size());
        for (const Ended& one : ended_) all.push_back(figures_of(one.account, one.summary, one.time));
        monitor::write_metrics(metrics_, all);
    } catch (const Error& error) {
        warn("", fmt::format("the metrics could not be written: {}", error.what()));
    }
}

void Monitoring::fail_stopped_pings() {
    for (auto& [url, watched] : watched_) {
        if (watched.ping && watched.to_come > 0)
            watched.ping->failed(
                fmt::format("{}{}the run was stopped", watched.errors, watched.errors.empty() ? "" : "; "));
    }
}

void Monitoring::finish_pings() {
    const Deadline deadline = Deadline::in(2 * monitor::Ping::patience + std::chrono::seconds(1));
    for (auto& [url, watched] : watched_) {
        if (!watched.ping) continue;
        const std::string wrong = watched.ping->finish(deadline);
        if (!wrong.empty()) note(fmt::format("ping to {}: {}", config::without_secret(url), wrong));
    }
}

void Monitoring::warn(const std::string& account, const std::string& sentence) const {
    const auto archive = archives_.find(account);
    const bool known = !manner_.loud() && fetch::told_today(archive == archives_.end() ? "" : archive->second,
                                                            account, Error(Category::temporary, sentence));
    if (!known) report::tell(report::Level::warning, account, sentence);
    if (manner_.log != nullptr) manner_.log->line(account, fmt::format("warning: {}", sentence));
}

void Monitoring::note(const std::string& sentence) const {
    if (manner_.verbose) report::tell(report::Level::info, "", sentence);
    if (manner_.log != nullptr) manner_.log->line("", sentence);
}

}  // namespace popkeep::cmd
