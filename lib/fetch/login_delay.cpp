#include "fetch/login_delay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/text.hpp"

namespace popkeep::fetch {
namespace {

using std::chrono::seconds;

constexpr std::string_view until_memo = "no sign-in before";
constexpr std::string_view too_soon_memo = "sign-in refused as too soon";
constexpr std::int64_t too_soon_counts = 90 * seconds_per_day;
// A timer may be as quick as the server allows, and its runs a little early.
constexpr seconds patience{60};

}  // namespace

void remember_login_delay(Context& context, const pop3::Session& session) {
    const auto words = session.capabilities().arguments("LOGIN-DELAY");
    const std::uint64_t wanted = words.empty() ? 0 : parse_number(words.front()).value_or(0);
    context.login_delay =
        seconds(std::min<std::uint64_t>(wanted, static_cast<std::uint64_t>(longest_login_delay.count())));
    if (context.login_delay == seconds(0) || context.job.dry_run) return;
    ledger::Ledger& ledger = context.archive.ledger();
    ledger::Transaction transaction = ledger.transaction();
    // One more: now() leaves out the fraction.
    ledger.memos.set(context.account.id, until_memo, now() + context.login_delay.count() + 1);
    transaction.commit();
}

void note_too_soon(ledger::Ledger& ledger, ledger::Id account) {
    ledger::Transaction transaction = ledger.transaction();
    ledger.memos.set(account, too_soon_memo, now());
    transaction.commit();
}

void keep_login_delay(Context& context) {
    const Job& job = context.job;
    ledger::Memos& memos = context.archive.ledger().memos;
    if (job.dry_run || (job.attended && !job.drain)) return;
    const std::int64_t too_soon = memos.find(context.account.id, too_soon_memo).value_or(0);
    if (!job.drain && now() - too_soon > too_soon_counts) return;
    const std::int64_t until = memos.find(context.account.id, until_memo).value_or(0);
    const seconds left(until - now());
    // More than the longest: the clock was set back since.
    if (left <= seconds(0) || left > longest_login_delay + seconds(1)) return;
    if (left > patience && !job.drain)
        throw Error(Category::temporary, "the server wants more time between two sign-ins")
            .at(job.endpoint.place())
            .next(fmt::format("it was not asked, since it wants nobody before {}; run less often",
                              local_time(until)));
    wait(context.observer, left);
}

seconds left_of_login_delay(const Context& context) {
    if (context.login_delay == seconds(0)) return seconds(0);
    const auto passed = std::chrono::steady_clock::now() - context.signed_in_at;
    // One more: the server's clock may tick a little earlier.
    return std::max(std::chrono::ceil<seconds>(context.login_delay - passed) + seconds(1), seconds(0));
}

void wait(Observer& observer, seconds time) {
    for (; time > seconds(0); --time) {
        observer.waiting(time);
        interrupt::pause(seconds(1));
    }
}

}  // namespace popkeep::fetch
