#pragma once

#include <string>

#include "base/error.hpp"

struct sqlite3;

namespace popkeep::ledger {

/// Throws what a result code of SQLite means for people. `database` is the connection that gave it, null if
/// there was no memory for one; `path` is the ledger's.
[[noreturn]] void fail(int code, sqlite3* database, const std::string& path);

/// Throws Category::io if the system last gave an error for the database or its log.
void must_have_been_readable(sqlite3* database, const std::string& path);

/// What the ledger holds can't be: category data.
Error damaged(const char* said, const std::string& path);

}  // namespace popkeep::ledger
