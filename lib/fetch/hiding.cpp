#include "fetch/hiding.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/interrupt.hpp"

namespace popkeep::fetch {
namespace {

// So much more is asked for again, where what was asked for last is gone from the listing.
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
    if (items.empty()) return;
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
    for (Item* item : smallest) {
        item->reprove = true;
        asked_again_.push_back(item->row);
    }
}

void Hiding::begin_session() {
    retrieved_.clear();
    asked_again_.clear();
}

void Hiding::retrieved(ledger::Id row) {
    all_.insert(row);
    retrieved_.insert(row);
}

void Hiding::closed() {
    released_.insert(retrieved_.begin(), retrieved_.end());
    if (asked_again_.empty()) return;
    const auto witness =
        std::ranges::find_if(asked_again_, [&](ledger::Id row) { return retrieved_.contains(row); });
    if (witness != asked_again_.end()) {
        learn(std::max(static_cast<std::int64_t>(asked_again_.size()), gone().value_or(0)), *witness);
    } else if (!interrupt::requested()) {
        learn(0, 0);  // it doesn't give them out again
    }
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
