#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/digest.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace popkeep::ledger {

/// A prepared statement in use. Reset when it goes out of scope; parameters are bound in order.
class Query {
  public:
    explicit Query(sqlite3_stmt* statement, const std::string& path) : statement_(statement), path_(path) {}
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;
    ~Query();

    Query& bind(std::int64_t value);
    Query& bind(std::uint64_t value) { return bind(static_cast<std::int64_t>(value)); }
    Query& bind(int value) { return bind(static_cast<std::int64_t>(value)); }
    Query& bind(bool value) { return bind(static_cast<std::int64_t>(value)); }
    Query& bind_text(std::string_view value);
    Query& bind_blob(std::string_view value);
    Query& bind(const Digest& value);
    Query& bind_null();
    /// As a JSON array, for json_each(); an empty one as NULL.
    Query& bind_list(std::span<const std::int64_t> values);
    template <class T>
    Query& bind(const std::optional<T>& value) {
        return value ? bind(*value) : bind_null();
    }

    /// True if there is a row. The views of text() and blob() last until the next step().
    bool step();
    /// For statements that return no row.
    void run();

    bool is_null(int column) const;
    std::int64_t integer(int column) const;
    std::uint64_t count(int column) const { return static_cast<std::uint64_t>(integer(column)); }
    std::string text(int column) const;
    std::string blob(int column) const;
    Digest digest(int column) const;

  private:
    void check(int code);
    sqlite3_stmt* statement_;
    const std::string& path_;
    int next_ = 1;
};

/// An SQLite connection with popkeep's settings. One thread.
class Database {
  public:
    enum class Mode { create, read };

    Database(std::string path, Mode mode);
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    ~Database();

    /// `sql` must be a string literal: statements are kept by its address.
    Query query(const char* sql);
    /// Runs a script.
    void execute(const std::string& script);
    std::int64_t last_id() const;
    /// Ends a transaction without its changes.
    void roll_back() noexcept;
    /// One that could not be rolled back, for want of memory, doesn't stand in the way of the next.
    void leave_transaction();
    /// Throws Category::io if the system last gave an error for the file or its log.
    void must_have_been_readable();
    const std::string& path() const { return path_; }

  private:
    std::string path_;
    sqlite3* handle_ = nullptr;
    bool left_open_ = false;
    std::unordered_map<const char*, sqlite3_stmt*> statements_;
};

/// When a commit is durable.
enum class Lasts {
    at_once,  ///< when commit() returns
    later,    ///< with the next one that lasts at once, or when the database closes; until then a power cut
              ///< may take it back, but none that came after it without it. For what no mail depends on.
};

/// BEGIN IMMEDIATE … COMMIT; rolled back unless committed. Doesn't nest.
class Transaction {
  public:
    explicit Transaction(Database& database, Lasts lasts = Lasts::at_once);
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();

    /// If it throws, the changes may have happened all the same.
    void commit();

  private:
    Database& database_;
    bool open_ = true;
};

/// What is read while it lives is of one moment, and many small reads cost one lock. Nothing may be written
/// meanwhile. Doesn't nest, neither with Transaction.
class Snapshot {
  public:
    explicit Snapshot(Database& database);
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;
    ~Snapshot();

  private:
    Database& database_;
};

}  // namespace popkeep::ledger
