#include "ledger/deletable.hpp"

namespace popkeep::ledger {

Deletable count_deletable(Database& database, Id account, std::int64_t latest, std::uint64_t most_answers) {
    Query q = database.query(
        "SELECT count(*), count(*) FILTER (WHERE answers >= ?) FROM (SELECT (SELECT count(*) FROM deletion "
        "WHERE message_id = message.id AND outcome <> 'unknown') AS answers FROM message "
        "WHERE account_id = ? AND state = 'archived' AND archived_at <= ? AND "
        "NOT EXISTS (SELECT 1 FROM deletion WHERE message_id = message.id AND outcome = 'confirmed'))");
    q.bind(static_cast<std::int64_t>(most_answers)).bind(account).bind(latest);
    q.step();
    return {.messages = q.count(0) - q.count(1), .left_alone = q.count(1)};
}

}  // namespace popkeep::ledger
