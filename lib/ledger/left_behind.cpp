#include "ledger/left_behind.hpp"

namespace popkeep::ledger {

bool LeftBehind::has_table() {
    return db_.query("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'left_behind'").step();
}

LeftBehind::Counts LeftBehind::of(Id account) {
    Counts counts;
    if (!has_table()) return counts;
    Query q = db_.query("SELECT uid, count FROM left_behind WHERE account_id = ?");
    q.bind(account);
    while (q.step()) counts.emplace(q.blob(0), q.count(1));
    return counts;
}

void LeftBehind::set(Id account, const Counts& counts) {
    if (has_table()) {
        db_.query("DELETE FROM left_behind WHERE account_id = ?").bind(account).run();
    } else if (!counts.empty()) {
        db_.execute(
            "CREATE TABLE left_behind (account_id INTEGER NOT NULL REFERENCES account, uid BLOB NOT NULL, "
            "count INTEGER NOT NULL, PRIMARY KEY (account_id, uid)) STRICT, WITHOUT ROWID");
    }
    for (const auto& [uid, count] : counts)
        db_.query("INSERT INTO left_behind (account_id, uid, count) VALUES (?, ?, ?)")
            .bind(account)
            .bind_blob(uid)
            .bind(count)
            .run();
}

}  // namespace popkeep::ledger
