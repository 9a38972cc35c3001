#include "ledger/memos.hpp"

namespace popkeep::ledger {

std::optional<std::int64_t> Memos::find(Id account, std::string_view name) {
    if (!db_.query("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'memo'").step())
        return std::nullopt;
    Query q = db_.query("SELECT value FROM memo WHERE account_id = ? AND name = ?");
    q.bind(account).bind_text(name);
    return q.step() ? std::optional(q.integer(0)) : std::nullopt;
}

void Memos::set(Id account, std::string_view name, std::int64_t value) {
    db_.execute(
        "CREATE TABLE IF NOT EXISTS memo (account_id INTEGER NOT NULL REFERENCES account, name TEXT NOT "
        "NULL, "
        "value INTEGER NOT NULL, PRIMARY KEY (account_id, name)) STRICT");
    db_.query("INSERT OR REPLACE INTO memo (account_id, name, value) VALUES (?, ?, ?)")
        .bind(account)
        .bind_text(name)
        .bind(value)
        .run();
}

}  // namespace popkeep::ledger
