#include "fetch/silence.hpp"

#include <algorithm>

#include "base/clock.hpp"

namespace popkeep::fetch {
namespace {

constexpr std::int64_t day = std::int64_t{24} * 3600;

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
    if (!passing && !credential) return false;
    if (passing && time - account->last_success.value_or(account->first_attempt) < day) return true;
    if (account->last_told && time - *account->last_told < day) return true;
    ledger::Transaction transaction = archive.ledger().transaction();
    accounts.told(account_id, time);
    transaction.commit();
    return false;
}

}  // namespace popkeep::fetch
