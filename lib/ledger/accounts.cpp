#include "ledger/accounts.hpp"

#include <utility>

#include "ledger/optional.hpp"

namespace popkeep::ledger {
namespace {

Account account_of(const Query& q) {
    return {.id = q.integer(0),
            .identity = q.text(1),
            .name = q.text(2),
            .first_attempt = q.integer(3),
            .last_attempt = q.integer(4),
            .last_success = integer_or_nothing(q, 5),
            .last_exit = integer_or_nothing(q, 6),
            .last_told = integer_or_nothing(q, 8),
            .last_error = text_or_nothing(q, 7),
            .deleted_once = q.integer(9) != 0,
            .refused_at = integer_or_nothing(q, 10),
            .refused_count = q.integer(11),
            .refused_mark = integer_or_nothing(q, 12),
            .refused_salt = text_or_nothing(q, 13)};
}

std::vector<Account> accounts_of(Query& q) {
    std::vector<Account> accounts;
    while (q.step()) accounts.push_back(account_of(q));
    return accounts;
}

}  // namespace

std::vector<Account> Accounts::all() {
    Query q = db_.query("SELECT * FROM account ORDER BY id");
    return accounts_of(q);
}

std::optional<Account> Accounts::find(std::string_view identity) {
    Query q = db_.query("SELECT * FROM account WHERE identity = ?");
    q.bind_text(identity);
    return q.step() ? std::optional(account_of(q)) : std::nullopt;
}

std::vector<Account> Accounts::named(std::string_view name) {
    if (auto account = find(name)) return {std::move(*account)};
    Query q = db_.query("SELECT * FROM account WHERE name = ? ORDER BY id");
    q.bind_text(name);
    return accounts_of(q);
}

Account Accounts::enter(std::string_view identity, std::string_view name, std::int64_t time) {
    db_.query(
           "INSERT INTO account (identity, name, first_attempt, last_attempt) VALUES (?, ?, ?3, ?3) "
           "ON CONFLICT (identity) DO UPDATE SET last_attempt = excluded.last_attempt")
        .bind_text(identity)
        .bind_text(name)
        .bind(time)
        .run();
    return find(identity).value();
}

std::optional<std::int64_t> Accounts::newest_time() {
    Query q = db_.query("SELECT max(last_attempt) FROM account");
    return q.step() ? integer_or_nothing(q, 0) : std::nullopt;
}

void Accounts::succeeded(Id account, std::int64_t time) {
    db_.query(
           "UPDATE account SET last_success = ?, last_exit = 0, last_error = NULL, last_told = NULL WHERE id "
           "= ?")
        .bind(time)
        .bind(account)
        .run();
}

void Accounts::failed(Id account, int exit_code, std::string_view error) {
    db_.query("UPDATE account SET last_exit = ?, last_error = ? WHERE id = ?")
        .bind(exit_code)
        .bind_text(error)
        .bind(account)
        .run();
}

void Accounts::told(Id account, std::int64_t time) {
    db_.query("UPDATE account SET last_told = ? WHERE id = ?").bind(time).bind(account).run();
}

void Accounts::deleted_once(Id account) {
    db_.query("UPDATE account SET deleted_once = 1 WHERE id = ?").bind(account).run();
}

void Accounts::credential_refused(Id account, std::int64_t time, std::int64_t mark, std::string_view salt) {
    db_.query(
           "UPDATE account SET refused_at = ?, refused_count = refused_count + 1, refused_mark = ?, "
           "refused_salt = ? WHERE id = ?")
        .bind(time)
        .bind(mark)
        .bind_blob(salt)
        .bind(account)
        .run();
}

void Accounts::credential_accepted(Id account) {
    db_.query(
           "UPDATE account SET refused_at = NULL, refused_count = 0, refused_mark = NULL, refused_salt = "
           "NULL "
           "WHERE id = ?")
        .bind(account)
        .run();
}

std::optional<Listing> Accounts::last_listing(Id account) {
    Query q = db_.query("SELECT digest, count, octets, taken_at, settled FROM listing WHERE account_id = ?");
    q.bind(account);
    if (!q.step()) return std::nullopt;
    return Listing{.digest = q.digest(0),
                   .count = q.count(1),
                   .octets = q.count(2),
                   .taken_at = q.integer(3),
                   .settled = q.integer(4) != 0};
}

void Accounts::remember_listing(Id account, const Listing& listing) {
    db_.query(
           "INSERT OR REPLACE INTO listing (account_id, digest, count, octets, taken_at, settled) "
           "VALUES (?, ?, ?, ?, ?, ?)")
        .bind(account)
        .bind(listing.digest)
        .bind(listing.count)
        .bind(listing.octets)
        .bind(listing.taken_at)
        .bind(listing.settled)
        .run();
}

void Accounts::unsettle(std::optional<Id> account) {
    db_.query("UPDATE listing SET settled = 0 WHERE ?1 IS NULL OR account_id = ?1").bind(account).run();
}

}  // namespace popkeep::ledger
