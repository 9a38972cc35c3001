#include "ledger/refusals.hpp"

#include "ledger/optional.hpp"

namespace popkeep::ledger {

std::vector<Refusal> Refusals::all(Id account) {
    std::vector<Refusal> refusals;
    Query q = db_.query(
        "SELECT account_id, uid, list_size, kind, said, first_at, last_at, count, told_at "
        "FROM refusal WHERE account_id = ? ORDER BY first_at, id");
    q.bind(account);
    while (q.step()) {
        refusals.push_back({.account = q.integer(0),
                            .uid = q.blob(1),
                            .list_size = count_or_nothing(q, 2),
                            .broke_session = q.text(3) == "broke session",
                            .said = q.text(4),
                            .first_at = q.integer(5),
                            .last_at = q.integer(6),
                            .count = q.integer(7),
                            .told_at = integer_or_nothing(q, 8)});
    }
    return refusals;
}

void Refusals::put(const Refusal& refusal) {
    Query q = db_.query(
        "INSERT INTO refusal (account_id, uid, list_size, kind, said, first_at, last_at, count) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7) "
        "ON CONFLICT (account_id, uid) DO UPDATE SET kind = ?4, said = ?5, last_at = ?6, count = ?7");
    q.bind(refusal.account).bind_blob(refusal.uid).bind(refusal.list_size);
    q.bind_text(refusal.broke_session ? "broke session" : "refused").bind_text(refusal.said);
    q.bind(refusal.last_at).bind(refusal.count).run();
}

void Refusals::told(Id account, std::string_view uid, std::int64_t time) {
    Query q = db_.query("UPDATE refusal SET told_at = ? WHERE account_id = ? AND uid = ?");
    q.bind(time).bind(account).bind_blob(uid).run();
}

void Refusals::remove(Id account, std::string_view uid) {
    Query q = db_.query("DELETE FROM refusal WHERE account_id = ? AND uid = ?");
    q.bind(account).bind_blob(uid).run();
}

}  // namespace popkeep::ledger
