#include "ledger/deletions.hpp"

#include "ledger/optional.hpp"

// The columns of every SELECT here, in the order of deletion_of().
#define POPKEEP_RECEIPT "id, account_id, message_id, uid, content, path, asked_at, outcome, quit_reply"

namespace popkeep::ledger {
namespace {

Deletion deletion_of(const Query& q) {
    return {.id = q.integer(0),
            .account = q.integer(1),
            .message = q.integer(2),
            .uid = text_or_nothing(q, 3),
            .content = q.digest(4),
            .path = q.text(5),
            .asked_at = q.integer(6),
            .outcome = q.text(7),
            .quit_reply = text_or_nothing(q, 8)};
}

}  // namespace

Id Deletions::ask(const Message& message, std::string_view path, std::int64_t time) {
    Query q = db_.query(
        "INSERT INTO deletion (account_id, message_id, uid, content, path, asked_at, outcome) "
        "VALUES (?, ?, ?, ?, ?, ?, 'unknown')");
    q.bind(message.account).bind(message.id);
    message.uid ? q.bind_blob(*message.uid) : q.bind_null();
    q.bind(message.content).bind_text(path).bind(time).run();
    return db_.last_id();
}

void Deletions::settle(Id id, std::string_view outcome, std::string_view quit_reply) {
    db_.query("UPDATE deletion SET outcome = ?, quit_reply = ? WHERE id = ?")
        .bind_text(outcome)
        .bind_text(quit_reply)
        .bind(id)
        .run();
}

bool Deletions::confirmed(Id message) {
    Query q = db_.query("SELECT 1 FROM deletion WHERE message_id = ? AND outcome = 'confirmed' LIMIT 1");
    q.bind(message);
    return q.step();
}

bool Deletions::asked_since(Id message, Id receipt) {
    Query q = db_.query("SELECT 1 FROM deletion WHERE message_id = ? AND id >= ? LIMIT 1");
    q.bind(message).bind(receipt);
    return q.step();
}

std::uint64_t Deletions::attempts(Id message) {
    Query q = db_.query("SELECT count(*) FROM deletion WHERE message_id = ?");
    q.bind(message);
    q.step();
    return q.count(0);
}

std::uint64_t Deletions::answered(Id message) {
    Query q = db_.query("SELECT count(*) FROM deletion WHERE message_id = ? AND outcome <> 'unknown'");
    q.bind(message);
    q.step();
    return q.count(0);
}

void Deletions::still_listed(Id message) {
    db_.query("UPDATE deletion SET outcome = 'still listed' WHERE message_id = ? AND outcome = 'confirmed'")
        .bind(message)
        .run();
}

void Deletions::each(const Ids& accounts, const std::function<void(const Deletion&)>& visit) {
    Query q = db_.query("SELECT " POPKEEP_RECEIPT
                        " FROM deletion WHERE ?1 IS NULL OR account_id IN (SELECT value FROM json_each(?1)) "
                        "ORDER BY id DESC");
    q.bind_list(accounts);
    while (q.step()) visit(deletion_of(q));
}

std::optional<Deletion> Deletions::find(Id id) {
    Query q = db_.query("SELECT " POPKEEP_RECEIPT " FROM deletion WHERE id = ?");
    q.bind(id);
    return q.step() ? std::optional(deletion_of(q)) : std::nullopt;
}

Id Deletions::highest() {
    Query q = db_.query("SELECT max(id) FROM deletion");
    q.step();
    return q.integer(0);
}

}  // namespace popkeep::ledger
