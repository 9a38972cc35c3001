#include "fetch/early_warning.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "fetch/told.hpp"

namespace popkeep::fetch {
namespace {

constexpr std::uint64_t few = 20;  // messages that somebody may delete elsewhere on any day
constexpr std::array<std::int64_t, 4> reminders{1 * seconds_per_day, 3 * seconds_per_day, 7 * seconds_per_day,
                                                14 * seconds_per_day};  // before the end
constexpr std::string_view staying = "staying";
constexpr std::string_view reminded = "reminded of the certificate";

// Where nobody is there, each reminder comes once. Its moment names it, and its certificate as well.
bool reminded_already(Context& context, std::int64_t ends) {
    if (context.job.attended || context.job.dry_run) return false;
    ledger::Ledger& ledger = context.archive.ledger();
    const std::int64_t due = last_reminder(ends, now());
    if (ledger.memos.find(context.account.id, reminded) == due) return true;
    ledger::Transaction transaction = ledger.transaction();
    ledger.memos.set(context.account.id, reminded, due);
    transaction.commit();
    return false;
}

}  // namespace

bool expires_soon(std::int64_t begins, std::int64_t ends, std::int64_t time) {
    return ends - time < std::min(14 * seconds_per_day, (ends - begins) / 4);
}

std::int64_t last_reminder(std::int64_t ends, std::int64_t time) {
    const auto* const due =
        std::ranges::find_if(reminders, [&](std::int64_t before) { return ends - time < before; });
    return due == reminders.end() ? 0 : ends - *due;
}

void mind_certificate(Context& context, const pop3::Session& session) {
    const auto chain = session.tls().chain;
    const auto first = std::ranges::min_element(chain, {}, &pop3::CertificateFacts::ends_at);
    if (first == chain.end()) return;
    context.summary.certificate_expires = first->ends_at;
    if (!expires_soon(first->begins_at, first->ends_at, now()) || reminded_already(context, first->ends_at))
        return;
    context.observer.warning(
        Error(Category::protocol, fmt::format("the server's certificate expires at {} ({})",
                                              local_time(first->ends_at), printable(first->subject, 100)))
            .at(context.job.endpoint.place())
            .next("if it is not renewed by then, nothing can be fetched: remind whoever runs the server")
            .what());
}

void mind_shrinking(Context& context, std::uint64_t listed) {
    const auto known = context.archive.ledger().memos.find(context.account.id, staying);
    const auto before = static_cast<std::uint64_t>(std::max<std::int64_t>(known.value_or(0), 0));
    if (before < listed + few || before / 2 < listed) return;
    const Job& job = context.job;
    Error trouble(Category::data, fmt::format("the server lists {}, and at least {} were to be expected",
                                              counted_messages(listed), before));
    trouble.at(job.endpoint.place())
        .next(
            "look whether another program or the provider empties the mailbox; what was archived stays "
            "archived");
    if (!job.attended && !job.dry_run && told_today(job.archive, job.name, trouble)) return;
    context.observer.warning(trouble.what());
}

void remember_staying(Context& context, std::uint64_t messages) {
    ledger::Memos& memos = context.archive.ledger().memos;
    const auto value = static_cast<std::int64_t>(messages);
    if (memos.find(context.account.id, staying) != value) memos.set(context.account.id, staying, value);
}

}  // namespace popkeep::fetch
