#include "fetch/hiding.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace popkeep::fetch {
namespace {

// What the next portion is larger, while the last one was gone from the listing.
constexpr std::int64_t growth = 16;

// RFC 2449 section 6.7: mail may not be left on the server.
bool may_leave_nothing(const pop3::Session& session) {
    const auto expire = session.capabilities().arguments("EXPIRE");
    return !expire.empty() && expire.front() == "0";
}

}  // namespace

Hiding::Hiding(ledger::Ledger& ledger, ledger::Id account, const Job& job)
    : ledger_(ledger),
      account_(account),
      job_(job),
      gone_memo_(fmt::format("gone from the listing of {}", job.login.user)),
      witness_memo_(fmt::format("asked again as {}", job.login.user)) {}

bool Hiding::suspected(const pop3::Session& session) const {
    return gone().value_or(job_.drain || may_leave_nothing(session) ? 1 : 0) > 0;
}

void Hiding::listed(const pop3::Session& session, const Items& items, const std::vector<Item*>& free) {
    if (items.empty() || !suspected(session)) return;
    const auto witness = ledger_.memos.find(account_, witness_memo_).value_or(0);
    const bool again = std::ranges::any_of(items, [&](const Item& item) {
        return item.fate == Fate::known && (item.row == witness || released_.contains(item.row));
    });
    if (again) return learn(0, 0);
    if (witness != 0) learn(gone().value_or(0), 0);
    const std::int64_t gone_by_now =
        std::max(gone().value_or(0), static_cast<std::int64_t>(released_.size()));
    // A drain that brings something sees by its next session whether that is listed again.
    const bool brings = std::ranges::any_of(items, &Item::wanted);
    if (gone_by_now == 0 && brings && !may_leave_nothing(session)) return;
    std::vector<Item*> smallest = free;
    std::ranges::stable_sort(smallest, {}, [](const Item* item) { return item->listed->octets.value_or(0); });
    const auto most = static_cast<std::size_t>(gone_by_now == 0 ? 1 : growth * gone_by_now);
    if (smallest.size() > most) smallest.resize(most);
    for (Item* item : smallest) item->reprove = true;
    asked_again_ = static_cast<std::int64_t>(smallest.size());
    witness_ = smallest.empty() ? 0 : smallest.back()->row;
}

void Hiding::retrieved(ledger::Id row) {
    if (!released_.contains(row)) retrieved_.insert(row);
}

void Hiding::closed() {
    released_.merge(retrieved_);
    retrieved_.clear();
    if (asked_again_ > 0) learn(std::max(asked_again_, gone().value_or(0)), witness_);
    asked_again_ = 0;
}

std::optional<std::int64_t> Hiding::gone() const {
    return ledger_.memos.find(account_, gone_memo_);
}

void Hiding::learn(std::int64_t gone, ledger::Id witness) {
    ledger::Transaction transaction = ledger_.transaction(ledger::Lasts::later);
    ledger_.memos.set(account_, gone_memo_, gone);
    ledger_.memos.set(account_, witness_memo_, witness);
    transaction.commit();
}

}  // namespace popkeep::fetch
