#include "ledger/left_behind.hpp"

namespace popkeep::ledger {

bool LeftBehind::has_table() {
    return db_.query("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'left_behind'").step();
}

LeftBehind::ByUid LeftBehind::of(Id account) {
    ByUid left;
    if (!has_table()) return left;
    Query q = db_.query("SELECT uid, count, since FROM left_behind WHERE account_id = ?");
    q.bind(account);
    while (q.step()) left.emplace(q.blob(0), Left{.count = q.count(1), .since = q.integer(2)});
    return left;
}

void LeftBehind::set(Id account, const ByUid& left) {
    if (has_table()) {
        db_.query("DELETE FROM left_behind WHERE account_id = ?").bind(account).run();
    } else if (!left.empty()) {
        db_.execute(
            "CREATE TABLE left_behind (account_id INTEGER NOT NULL REFERENCES account, uid BLOB NOT NULL, "
            "count INTEGER NOT NULL, since INTEGER NOT NULL, PRIMARY KEY (account_id, uid)) STRICT, WITHOUT "
            "ROWID");
    }
    for (const auto& [uid, which] : left)
        db_.query("INSERT INTO left_behind (account_id, uid, count, since) VALUES (?, ?, ?, ?)")
            .bind(account)
            .bind_blob(uid)
            .bind(which.count)
            .bind(which.since)
            .run();
}

}  // namespace popkeep::ledger
