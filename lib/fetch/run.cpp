#include "fetch/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "archive/account_lock.hpp"
#include "archive/adopt.hpp"
#include "archive/reconcile.hpp"
#include "base/clock.hpp"
#include "base/interrupt.hpp"
#include "base/text.hpp"
#include "fetch/context.hpp"
#include "fetch/drain.hpp"
#include "fetch/login_delay.hpp"
#include "fetch/sessions.hpp"
#include "fetch/silence.hpp"
#include "fetch/told.hpp"

namespace popkeep::fetch {
namespace {

class Run {
  public:
    Run(const Job& job, Observer& observer) : job_(job), observer_(observer) {}

    void go(Summary& summary) {
        archive_.emplace(archive::Archive::open(job_.archive, access()));
        const auto newest_time = archive_->ledger().accounts.newest_time();
        const auto known = archive_->ledger().accounts.find(job_.identity);
        account_ = entered();
        archive_->ledger().messages.not_before(std::max(now(), known ? known->last_attempt : 0));
        // A dry run takes no lock: it changes nothing.
        std::optional<archive::AccountLock> lock;
        if (!job_.dry_run) {
            lock.emplace(*archive_, account_->id, job_.name);
            archive::reconcile_all(*archive_);
            archive::adopt_later_mboxes(*archive_, files_since(newest_time));
        }
        tell_notes();
        archive::Appender appender(*archive_,
                                   [this](std::int64_t time) { return job_.file(account_->name, time); });
        Troubles troubles(*archive_, account_->id, observer_, !job_.dry_run);
        Hiding hiding(archive_->ledger(), account_->id, job_);
        Context context{.job = job_,
                        .observer = observer_,
                        .archive = *archive_,
                        .account = *account_,
                        .newest_time = newest_time,
                        .appender = appender,
                        .troubles = troubles,
                        .hiding = hiding,
                        .summary = summary};
        try {
            keep_login_delay(context);
            if (job_.drain && !job_.dry_run) {
                drain(context, [&] { hold_sessions(context); });
            } else {
                hold_sessions(context);
            }
        } catch (const pop3::LoginRefused& refusal) {
            // RFC 3206: this needs somebody to act, however much it looks like a passing trouble.
            permanent_ = refusal.code() == pop3::ResponseCode::sys_perm;
            count(context);
            throw;
        } catch (...) {
            count(context);
            throw;
        }
        count(context);
        judge(context);
    }

    /// Enters how the run ended, and says whether it is worth telling.
    void close(Summary& summary) {
        if (job_.dry_run) return;
        if (summary.error && !job_.attended) summary.silent = is_silent(summary);
        if (!archive_ || !account_) return;
        tell_notes();
        ledger::Transaction transaction = archive_->ledger().transaction(ledger::Lasts::later);
        if (summary.error) {
            archive_->ledger().accounts.failed(account_->id, summary.error->exit_code(),
                                               summary.error->what());
        } else {
            archive_->ledger().accounts.succeeded(account_->id, now());
        }
        transaction.commit();
    }

  private:
    archive::Access access() const {
        if (job_.dry_run) return archive::Access::read;
        return job_.founded ? archive::Access::founder : archive::Access::write;
    }

    ledger::Account entered() {
        if (job_.dry_run) {
            const auto known = archive_->ledger().accounts.find(job_.identity);
            if (known) return *known;
            ledger::Account unknown;
            unknown.identity = job_.identity;
            unknown.name = job_.name;
            return unknown;
        }
        ledger::Transaction transaction = archive_->ledger().transaction(ledger::Lasts::later);
        ledger::Account account = archive_->ledger().accounts.enter(job_.identity, job_.name, now());
        transaction.commit();
        return account;
    }

    // Where runs that this ledger doesn't know of may have written, if it was restored from a backup.
    std::vector<std::string> files_since(std::optional<std::int64_t> newest_time) const {
        std::vector<std::string> files;
        const std::int64_t time = now();
        // The number of days is bounded: a clock may have been anywhere.
        std::int64_t at = std::clamp(newest_time.value_or(time), time - 3660 * seconds_per_day, time);
        for (;; at = std::min(at + seconds_per_day, time)) {
            std::string file = job_.file(account_->name, at);
            if (files.empty() || files.back() != file) files.push_back(std::move(file));
            if (at == time) return files;
        }
    }

    bool is_silent(const Summary& summary) {
        if (quietly_partial_) return true;
        const bool lasting = summary.braked || permanent_;
        try {
            if (archive_ && account_ && !lasting)
                return stays_silent(*archive_, account_->id, *summary.error);
        } catch (const Error&) {
            // Without the ledger nobody knows when the last success was.
        }
        return told_today(job_.archive, job_.name, *summary.error);
    }

    void tell_notes() {
        for (const std::string& warning : archive_->take_warnings()) observer_.warning(warning);
        for (const std::string& note : archive_->take_notes()) observer_.note(note);
    }

    static void count(Context& context) {
        context.summary.archived = context.appender.messages();
        context.summary.bytes = context.appender.bytes();
        context.summary.files = context.appender.files();
        context.summary.refused = context.troubles.count();
    }

    // What makes the exit code other than 0 although the run went through.
    void judge(Context& context) {
        Summary& summary = context.summary;
        if (summary.lacking_octets > 0 && !job_.dry_run) {
            summary.error = Error(Category::io,
                                  fmt::format("there is no room for {} ({})", counted_messages(summary.left),
                                              human_size(summary.lacking_octets)))
                                .at(job_.archive)
                                .next(
                                    "free some space, or lift the limit on the size of files (ulimit -f); "
                                    "what fitted is archived");
        } else if (summary.refused > 0) {
            const bool quarantined = context.troubles.any_quarantined();
            quietly_partial_ = !context.troubles.any_told();
            summary.error =
                Error(quarantined ? Category::data : Category::temporary,
                      fmt::format("{} could not be had from the server", counted_messages(summary.refused)))
                    .at(job_.name)
                    .next(
                        quarantined
                            ? "it is asked for with growing pauses; all others are safe; see `popkeep status`"
                            : "the next run asks again; all others are safe");
        } else if (summary.unconfirmed > 0) {
            summary.error = Error(Category::temporary,
                                  fmt::format("the server did not confirm that {} deleted",
                                              counted(summary.unconfirmed, "message was", "messages were")))
                                .at(job_.name)
                                .next("the next run sees whether they are still listed; all are archived");
        } else if (context.too_soon) {
            summary.error = *context.too_soon;
        }
    }

    const Job& job_;
    Observer& observer_;
    std::optional<archive::Archive> archive_;
    std::optional<ledger::Account> account_;
    bool quietly_partial_ = false, permanent_ = false;
};

}  // namespace

Summary run(const Job& job, Observer& observer) {
    const auto begin = std::chrono::steady_clock::now();
    Summary summary;
    Run run(job, observer);
    const auto guarded = [&](auto&& step) {
        try {
            step();
        } catch (const std::exception& failure) {
            if (!summary.error) summary.error = error_of(failure);
        }
    };
    guarded([&] { run.go(summary); });
    guarded([&] { run.close(summary); });
    summary.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return summary;
}

}  // namespace popkeep::fetch
