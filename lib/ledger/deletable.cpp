#include "ledger/deletable.hpp"

namespace popkeep::ledger {

std::uint64_t count_deletable(Database& database, Id account, std::int64_t latest) {
    Query q = database.query(
        "SELECT count(*) FROM message WHERE account_id = ? AND state = 'archived' AND archived_at <= ? AND "
        "NOT EXISTS (SELECT 1 FROM deletion WHERE message_id = message.id AND outcome = 'confirmed')");
    q.bind(account).bind(latest);
    q.step();
    return q.count(0);
}

}  // namespace popkeep::ledger
