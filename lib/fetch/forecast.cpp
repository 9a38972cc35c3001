#include "fetch/forecast.hpp"

#include <algorithm>

#include "fetch/deletion.hpp"
#include "ledger/deletable.hpp"

namespace popkeep::fetch {

Forecast forecast(archive::Archive& archive, ledger::Id account, const DeletePolicy& policy,
                  const Brake& brake, std::int64_t time) {
    using Kind = DeletePolicy::Kind;
    ledger::Ledger& ledger = archive.ledger();
    const auto listing = ledger.accounts.last_listing(account);
    if (policy.kind == Kind::never || !listing) return {};
    const std::int64_t latest = policy.kind == Kind::after ? time - policy.seconds : time;
    const std::uint64_t kept = policy.kind == Kind::keep ? std::min(policy.count, listing->count) : 0;
    Forecast forecast;
    const ledger::Deletable deletable =
        ledger::count_deletable(ledger.database, account, latest, most_attempts);
    forecast.messages = std::min(deletable.messages, listing->count - kept);
    forecast.left_alone = std::min(deletable.left_alone, listing->count - kept);
    forecast.braked = forecast.messages > brake.allowed(listing->count);
    return forecast;
}

}  // namespace popkeep::fetch
