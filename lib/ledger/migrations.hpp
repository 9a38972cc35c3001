#pragma once

#include "ledger/database.hpp"

namespace popkeep::ledger {

/// SQLite's application_id of a ledger: "popk".
constexpr std::int64_t application_id = 0x706F706B;

/// Checks that the file is a ledger (or empty and `may_write`), and brings it to this program's version,
/// each migration in one transaction. An older ledger is first copied to PATH.vN.
/// Throws Category::data for a foreign or newer file.
void migrate(Database& database, bool may_write);

}  // namespace popkeep::ledger
