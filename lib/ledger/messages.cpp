#include "ledger/messages.hpp"

#include <algorithm>
#include <array>

#include "ledger/optional.hpp"

// The columns of every SELECT here, in the order of message_of() and bind_all().
#define POPKEEP_COLUMNS                                                                                 \
    "id, account_id, uid, list_size, state, proof, mbox_id, start, length, postmark, content, header, " \
    "stripped, "                                                                                        \
    "size, lines, bare_lf, edited, refetch, replaces, archived_at"

// Of the accounts in ?1, none of which means all.
#define POPKEEP_OF_ACCOUNTS \
    "(?1 IS NULL OR account_id IN (SELECT value FROM json_each(?1))) AND state <> 'prepared'"

namespace popkeep::ledger {
namespace {

constexpr std::array state_names{"prepared", "archived", "unclaimed", "missing"};

State state_named(const std::string& name) {
    for (std::size_t i = 0; i < state_names.size(); ++i) {
        if (name == state_names.at(i)) return static_cast<State>(i);
    }
    return State::missing;
}

std::optional<Proof> proof_named(const std::optional<std::string>& name) {
    if (!name) return std::nullopt;
    return *name == "content" ? Proof::content : Proof::header;
}

Message message_of(const Query& q) {
    return {.id = q.integer(0),
            .account = integer_or_nothing(q, 1),
            .uid = text_or_nothing(q, 2),
            .list_size = count_or_nothing(q, 3),
            .state = state_named(q.text(4)),
            .proof = proof_named(text_or_nothing(q, 5)),
            .mbox = q.integer(6),
            .start = q.count(7),
            .length = q.count(8),
            .postmark = text_or_nothing(q, 9),
            .content = q.digest(10),
            .header = q.digest(11),
            .stripped = q.is_null(12) ? std::nullopt : std::optional(q.digest(12)),
            .size = q.count(13),
            .lines = q.count(14),
            .bare_lf = q.count(15),
            .edited = q.integer(16) != 0,
            .refetch = q.integer(17) != 0,
            .replaces = integer_or_nothing(q, 18),
            .archived_at = q.integer(19)};
}

// All columns but the id.
void bind_all(Query& q, const Message& m) {
    q.bind(m.account);
    m.uid ? q.bind_blob(*m.uid) : q.bind_null();
    q.bind(m.list_size);
    q.bind_text(state_names.at(static_cast<std::size_t>(m.state)));
    m.proof ? q.bind_text(*m.proof == Proof::content ? "content" : "header") : q.bind_null();
    q.bind(m.mbox).bind(m.start).bind(m.length);
    m.postmark ? q.bind_text(*m.postmark) : q.bind_null();
    q.bind(m.content).bind(m.header).bind(m.stripped);
    q.bind(m.size).bind(m.lines).bind(m.bare_lf);
    q.bind(m.edited).bind(m.refetch).bind(m.replaces).bind(m.archived_at);
}

std::vector<Message> rows(Query& q) {
    std::vector<Message> messages;
    while (q.step()) messages.push_back(message_of(q));
    return messages;
}

std::optional<Message> first(Query& q) {
    return q.step() ? std::optional(message_of(q)) : std::nullopt;
}

}  // namespace

Id Messages::insert(const Message& message) {
    Query q = db_.query(
        "INSERT INTO message (account_id, uid, list_size, state, proof, mbox_id, start, length, postmark, "
        "content, "
        "header, stripped, size, lines, bare_lf, edited, refetch, replaces, archived_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    Message row = message;
    row.archived_at = std::max(row.archived_at, not_before_);
    bind_all(q, row);
    q.run();
    return db_.last_id();
}

void Messages::update(const Message& message) {
    Query q = db_.query(
        "UPDATE message SET account_id = ?, uid = ?, list_size = ?, state = ?, proof = ?, mbox_id = ?, start "
        "= ?, "
        "length = ?, postmark = ?, content = ?, header = ?, stripped = ?, size = ?, lines = ?, bare_lf = ?, "
        "edited = ?, refetch = ?, replaces = ?, archived_at = ? WHERE id = ?");
    bind_all(q, message);
    q.bind(message.id).run();
}

void Messages::archive_prepared_in(Id mbox) {
    // OR ROLLBACK: to be able to undo this statement alone, SQLite would copy every page it changes into a
    // temporary file.
    db_.query(
           "UPDATE OR ROLLBACK message INDEXED BY message_prepared SET state = 'archived', postmark = NULL, "
           "replaces = NULL WHERE mbox_id = ? AND state = 'prepared'")
        .bind(mbox)
        .run();
}

void Messages::remove(Id id) {
    db_.query("DELETE FROM message WHERE id = ?").bind(id).run();
}

std::optional<Message> Messages::find(Id id) {
    Query q = db_.query("SELECT " POPKEEP_COLUMNS " FROM message WHERE id = ?");
    q.bind(id);
    return first(q);
}

std::vector<Message> Messages::by_uid(Id account, std::string_view uid) {
    Query q = db_.query("SELECT " POPKEEP_COLUMNS
                        " FROM message WHERE account_id = ? AND uid = ? AND state IN ('archived', 'missing') "
                        "ORDER BY state, proof = 'content' DESC, id");
    q.bind(account).bind_blob(uid);
    return rows(q);
}

std::vector<Message> Messages::by_header(Id account, const Digest& header) {
    Query q = db_.query("SELECT " POPKEEP_COLUMNS
                        " FROM message WHERE header = ?2 AND ((account_id = ?1 AND state = 'archived') "
                        "OR state = 'unclaimed') ORDER BY state, id");
    q.bind(account).bind(header);
    return rows(q);
}

std::vector<Message> Messages::by_content_prefix(std::string_view hex) {
    Query q = db_.query(
        "SELECT " POPKEEP_COLUMNS
        " FROM message WHERE substr(lower(hex(content)), 1, length(?1)) = ?1 AND state <> 'prepared' "
        "ORDER BY id LIMIT 10");
    q.bind_text(hex);
    return rows(q);
}

std::vector<Message> Messages::prepared_in(Id mbox) {
    // Left alone, SQLite walks all of the mbox's messages to save itself the sorting of these few.
    Query q = db_.query("SELECT " POPKEEP_COLUMNS
                        " FROM message INDEXED BY message_prepared WHERE mbox_id = ? AND state = 'prepared' "
                        "ORDER BY start");
    q.bind(mbox);
    return rows(q);
}

std::vector<Id> Messages::prepared_ids_in(Id mbox) {
    Query q = db_.query(
        "SELECT id FROM message INDEXED BY message_prepared WHERE mbox_id = ? AND state = 'prepared' "
        "ORDER BY id");
    q.bind(mbox);
    std::vector<Id> ids;
    while (q.step()) ids.push_back(q.integer(0));
    return ids;
}

void Messages::each_in(Id mbox, const std::function<void(const Message&)>& visit) {
    Query q = db_.query("SELECT " POPKEEP_COLUMNS " FROM message WHERE mbox_id = ? ORDER BY start, id");
    q.bind(mbox);
    while (q.step()) visit(message_of(q));
}

void Messages::each(const Ids& accounts, Id first, const std::function<bool(const Message&)>& visit) {
    // A reader may be slow, and the messages many.
    constexpr std::size_t portion = 500;
    std::vector<Message> messages;
    do {
        Query q = db_.query("SELECT " POPKEEP_COLUMNS " FROM message WHERE id >= ?2 AND " POPKEEP_OF_ACCOUNTS
                            " ORDER BY id LIMIT ?3");
        q.bind_list(accounts).bind(first).bind(portion);
        messages = rows(q);
        for (const Message& message : messages) {
            if (!visit(message)) return;
        }
        if (!messages.empty()) first = messages.back().id + 1;
    } while (messages.size() == portion);
}

Id Messages::first_of_newest(const Ids& accounts, std::uint64_t count) {
    Query q = db_.query("SELECT min(id) FROM (SELECT id FROM message WHERE " POPKEEP_OF_ACCOUNTS
                        " ORDER BY id DESC LIMIT ?2)");
    q.bind_list(accounts).bind(count).step();
    return q.integer(0);
}

Id Messages::highest() {
    Query q = db_.query("SELECT max(id) FROM message");
    q.step();
    return q.integer(0);
}

bool Messages::settled(Id id) {
    Query q = db_.query(
        "SELECT 1 FROM message WHERE id = ? AND (state = 'archived' OR (state = 'missing' AND NOT refetch))");
    return q.bind(id).step();
}

bool Messages::any_unclaimed() {
    return db_.query("SELECT 1 FROM message WHERE state = 'unclaimed' LIMIT 1").step();
}

bool Messages::any_archived(Id account) {
    Query q = db_.query("SELECT 1 FROM message WHERE account_id = ? AND state = 'archived' LIMIT 1");
    q.bind(account);
    return q.step();
}

MessageCounts Messages::counts(std::optional<Id> account) {
    Query q = db_.query(
        "SELECT sum(state = 'archived'), sum(state = 'unclaimed'), sum(state = 'missing'), "
        "sum(iif(state = 'missing', 0, size)) "
        "FROM message WHERE (?1 IS NULL OR account_id = ?1) AND state <> 'prepared'");
    q.bind(account);
    q.step();
    return {.archived = q.count(0), .unclaimed = q.count(1), .missing = q.count(2), .bytes = q.count(3)};
}

void Messages::remove_missing(Id id) {
    db_.query("DELETE FROM message WHERE id = ? AND state = 'missing'").bind(id).run();
}

std::vector<std::pair<Id, Id>> Messages::moved() {
    std::vector<std::pair<Id, Id>> pairs;
    Query q = db_.query(
        "WITH found AS (SELECT id, state, header, coalesce(stripped, content) AS digest, row_number() OVER "
        "(PARTITION BY state, header, coalesce(stripped, content) ORDER BY id) AS place FROM message "
        "WHERE state IN ('missing', 'unclaimed') "
        "AND header IN (SELECT header FROM message WHERE state = 'unclaimed')) "
        "SELECT max(CASE state WHEN 'missing' THEN id END) AS lost, max(CASE state WHEN 'unclaimed' THEN id "
        "END) "
        "FROM found GROUP BY header, digest, place HAVING count(*) = 2 ORDER BY lost");
    while (q.step()) pairs.emplace_back(q.integer(0), q.integer(1));
    return pairs;
}

void Messages::refetch_missing() {
    db_.query("UPDATE message SET refetch = 1 WHERE state = 'missing'").run();
}

std::vector<Id> Messages::made_good() {
    std::vector<Id> ids;
    Query q = db_.query(
        "SELECT id FROM message AS lost WHERE state = 'missing' AND refetch AND "
        "(SELECT count(*) FROM message WHERE header = lost.header AND size = lost.size "
        "AND content = lost.content AND account_id = lost.account_id "
        "AND state = 'archived' AND id > lost.id) >= "
        "(SELECT count(*) FROM message WHERE header = lost.header AND size = lost.size "
        "AND content = lost.content AND account_id = lost.account_id "
        "AND state = 'missing' AND refetch AND id >= lost.id) ORDER BY id");
    while (q.step()) ids.push_back(q.integer(0));
    return ids;
}

}  // namespace popkeep::ledger
