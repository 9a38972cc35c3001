#include "ledger/database.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>
#include <utility>

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "file/directory.hpp"
#include "ledger/failure.hpp"

namespace popkeep::ledger {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds busy_pause{20}, busy_patience{60'000};
// What a run has in hand may still be committed when it is to end.
constexpr milliseconds busy_patience_at_stop{1'000};

int wait_for_other(void* /*nothing*/, int tries) {
    if (tries * busy_pause >= (interrupt::requested() ? busy_patience_at_stop : busy_patience)) return 0;
    std::this_thread::sleep_for(busy_pause);
    return 1;
}

// A file name inside a "file:" URI.
std::string uri_escaped(const std::string& path) {
    std::string out;
    for (const char c : path) {
        if (c == '%' || c == '?' || c == '#') {
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        } else {
            out += c;
        }
    }
    return out;
}

// Links on the way to the folder are followed: SQLITE_OPEN_NOFOLLOW is against any, and meant here is the
// file.
std::string without_links(const std::string& path) {
    std::error_code problem;
    const auto folder = std::filesystem::canonical(file::parent_of(path), problem);
    return problem ? path : (folder / std::filesystem::path(path).filename()).string();
}

bool has_log(const std::string& path) {
    std::error_code none;
    const auto size = std::filesystem::file_size(path + "-wal", none);
    return !none && size > 0;
}

}  // namespace

Query::~Query() {
    if (statement_ == nullptr) return;
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
}

void Query::check(int code) {
    if (code != SQLITE_OK) fail(code, sqlite3_db_handle(statement_), path_);
}

Query& Query::bind(std::int64_t value) {
    check(sqlite3_bind_int64(statement_, next_++, value));
    return *this;
}

Query& Query::bind_text(std::string_view value) {
    check(
        sqlite3_bind_text64(statement_, next_++, value.data(), value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
    return *this;
}

Query& Query::bind_blob(std::string_view value) {
    // A null pointer would bind NULL, and an empty UID is not an unknown one.
    check(sqlite3_bind_blob64(statement_, next_++, value.empty() ? "" : value.data(), value.size(),
                              SQLITE_TRANSIENT));
    return *this;
}

Query& Query::bind(const Digest& value) {
    check(sqlite3_bind_blob(statement_, next_++, value.data(), static_cast<int>(value.size()),
                            SQLITE_TRANSIENT));
    return *this;
}

Query& Query::bind_null() {
    check(sqlite3_bind_null(statement_, next_++));
    return *this;
}

Query& Query::bind_list(std::span<const std::int64_t> values) {
    return values.empty() ? bind_null() : bind_text(fmt::format("[{}]", fmt::join(values, ",")));
}

bool Query::step() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    fail(code, sqlite3_db_handle(statement_), path_);
}

void Query::run() {
    while (step()) {
    }
}

bool Query::is_null(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Query::integer(int column) const {
    return sqlite3_column_int64(statement_, column);
}

std::string Query::text(int column) const {
    return blob(column);
}

std::string Query::blob(int column) const {
    const void* bytes = sqlite3_column_blob(statement_, column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return bytes == nullptr ? std::string() : std::string(static_cast<const char*>(bytes), size);
}

Digest Query::digest(int column) const {
    const std::string bytes = blob(column);
    Digest digest{};
    if (bytes.size() != digest.size()) throw damaged("a digest has the wrong length", path_);
    std::ranges::copy(bytes, reinterpret_cast<char*>(digest.data()));
    return digest;
}

Database::Database(std::string path, Mode mode) : path_(std::move(path)) {
    int code = SQLITE_OK;
    if (mode == Mode::create) {
        code = sqlite3_open_v2(without_links(path_).c_str(), &handle_,
                               SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW, nullptr);
    } else {
        // A reader in WAL mode needs to write the index beside the file. Where the media forbid that, and
        // there is no log whose commits count, the file may be read as it stands.
        const bool writable = access(file::parent_of(path_).c_str(), W_OK) == 0;
        if (!writable && has_log(path_))
            throw Error(Category::io, "the ledger's log can't be read in a folder that can't be written")
                .at(path_)
                .next("copy the whole archive to a place that can be written, and look there");
        const std::string uri =
            fmt::format("file:{}?{}", uri_escaped(path_), writable ? "mode=rw" : "immutable=1");
        const int flags = writable ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
        code = sqlite3_open_v2(uri.c_str(), &handle_, flags | SQLITE_OPEN_URI, nullptr);
    }
    try {
        if (code != SQLITE_OK) fail(code, handle_, path_);
        sqlite3_extended_result_codes(handle_, 1);
        sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
        sqlite3_db_config(handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
        sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
        sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
        sqlite3_db_config(handle_, SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
        sqlite3_busy_handler(handle_, wait_for_other, nullptr);
        if (mode == Mode::create) {
            // Shared memory between hosts doesn't work on network file systems: one process at a time there.
            if (file::on_network(path_)) execute("PRAGMA locking_mode = EXCLUSIVE");
            execute("PRAGMA synchronous = FULL");
        } else {
            execute("PRAGMA query_only = ON");
        }
    } catch (...) {
        sqlite3_close_v2(handle_);
        throw;
    }
}

Database::~Database() {
    for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
    sqlite3_close_v2(handle_);
}

Query Database::query(const char* sql) {
    sqlite3_stmt*& statement = statements_[sql];
    if (statement == nullptr) {
        const int code = sqlite3_prepare_v3(handle_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
        if (code != SQLITE_OK) fail(code, handle_, path_);
    }
    return Query(statement, path_);
}

void Database::execute(const std::string& script) {
    const int code = sqlite3_exec(handle_, script.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail(code, handle_, path_);
}

void Database::must_have_been_readable() {
    ledger::must_have_been_readable(handle_, path_);
}

std::int64_t Database::last_id() const {
    return sqlite3_last_insert_rowid(handle_);
}

void Database::roll_back() noexcept {
    try {
        execute("ROLLBACK");
    } catch (const std::exception&) {
        left_open_ = true;  // unless SQLite rolled back by itself
    }
}

void Database::leave_transaction() {
    if (left_open_ && sqlite3_get_autocommit(handle_) == 0) execute("ROLLBACK");
    left_open_ = false;
}

// In WAL mode NORMAL leaves out the sync of each commit, and no other: the log keeps their order, and is
// synced before any of it gets into the database.
Transaction::Transaction(Database& database, Lasts lasts) : database_(database) {
    database_.leave_transaction();
    database_.query(lasts == Lasts::later ? "PRAGMA synchronous = NORMAL" : "PRAGMA synchronous = FULL")
        .run();
    database_.query("BEGIN IMMEDIATE").run();
}

Transaction::~Transaction() {
    if (open_) database_.roll_back();
}

void Transaction::commit() {
    database_.query("COMMIT").run();
    open_ = false;
}

Snapshot::Snapshot(Database& database) : database_(database) {
    database_.leave_transaction();
    database_.query("BEGIN").run();
}

Snapshot::~Snapshot() {
    database_.roll_back();
}

}  // namespace popkeep::ledger
