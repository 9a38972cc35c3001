#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "ledger/database.hpp"
#include "ledger/rows.hpp"

namespace popkeep::ledger {

/// What was listed, and not archived, when an account's messages were last asked to go: by UID, how many.
/// Like that of Memos its table is made when it is needed, and belongs to no format's number.
class LeftBehind {
  public:
    using Counts = std::unordered_map<std::string, std::uint64_t>;

    explicit LeftBehind(Database& database) : db_(database) {}

    Counts of(Id account);
    /// Within a transaction: that of the receipts.
    void set(Id account, const Counts& counts);

  private:
    bool has_table();
    Database& db_;
};

}  // namespace popkeep::ledger
