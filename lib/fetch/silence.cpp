#include "fetch/silence.hpp"

#include <algorithm>

#include "base/clock.hpp"
#include "fetch/told.hpp"

namespace popkeep::fetch {
namespace {

// When the account last went through. Messages that the server refuses keep a run from being a success, not
// from bringing the others.
std::int64_t last_went_through(ledger::Accounts& accounts, const ledger::Account& account) {
    const std::int64_t success = account.last_success.value_or(account.first_attempt);
    const auto listing = accounts.last_listing(account.id);
    const bool earlier = listing && listing->taken_at < account.last_attempt;
    return earlier ? std::max(success, listing->taken_at) : success;
}

}  // namespace

bool stays_silent(archive::Archive& archive, ledger::Id account_id, const Error& error) {
    ledger::Accounts& accounts = archive.ledger().accounts;
    const auto all = accounts.all();
    const auto account = std::ranges::find(all, account_id, &ledger::Account::id);
    if (account == all.end()) return false;
    const std::int64_t time = now();
    const Category category = error.category();
    const bool passing =
        category == Category::temporary || category == Category::no_host || category == Category::unavailable;
    const bool credential = category == Category::permission && account->refused_at;
    if (!passing && !credential) return told_today(archive.directory(), account->name, error);
    if (passing && are_near(last_went_through(accounts, *account), time, seconds_per_day)) return true;
    if (account->last_told && are_near(*account->last_told, time, seconds_per_day)) return true;
    ledger::Transaction transaction = archive.ledger().transaction();
    accounts.told(account_id, time);
    transaction.commit();
    return false;
}

}  // namespace popkeep::fetch
