#pragma once

#include <memory>
#include <optional>
#include <string>

#include "file/identity.hpp"
#include "ledger/accounts.hpp"
#include "ledger/database.hpp"
#include "ledger/deletions.hpp"
#include "ledger/left_behind.hpp"
#include "ledger/mboxes.hpp"
#include "ledger/memos.hpp"
#include "ledger/messages.hpp"
#include "ledger/refusals.hpp"
#include "ledger/servers.hpp"

namespace popkeep::ledger {

enum class Access { read, write };

/// The SQLite file of an archive. Every change is part of a transaction. Errors of SQLite become
/// Category::data (damaged), io (disk) or temporary (busy).
class Ledger {
  public:
    /// Opens `path`. Access::write creates it where missing and migrates it (a copy of an older one is kept
    /// beside it first); Access::read never writes, and reads media that can't be written to.
    /// Throws Category::data if it is no ledger, is damaged, or was made by a newer program. One at a time in
    /// a process: opening another drops the locks of the first (fcntl; SQLite's "How To Corrupt",
    /// section 2.2).
    Ledger(const std::string& path, Access access);

    Transaction transaction(Lasts lasts = Lasts::at_once) { return Transaction(database, lasts); }
    Snapshot snapshot() { return Snapshot(database); }
    /// SQLite's own checks, and that mboxes and receipts can be read; empty if sound. Throws Category::io
    /// where the disk gave an error, and Category::data for a row that can't be one.
    std::string integrity();
    /// Throws Category::io if the open file doesn't stand at its path any more: the archive was moved,
    /// replaced or unmounted. What is written by path from then on would go elsewhere than what is recorded
    /// here.
    void must_stand() const;

    Database database;
    Accounts accounts;
    Deletions deletions;
    LeftBehind left_behind;
    Mboxes mboxes;
    Memos memos;
    Messages messages;
    Refusals refusals;
    Servers servers;

  private:
    std::optional<file::Identity> opened_;
};

}  // namespace popkeep::ledger
