#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "ledger/database.hpp"
#include "ledger/rows.hpp"

namespace popkeep::ledger {

/// What was listed, and not archived, when an account's messages were asked to go. Like that of Memos its
/// table is made when it is needed, and belongs to no format's number.
class LeftBehind {
  public:
    struct Left {
        std::uint64_t count = 0;
        Id since = 0;  ///< the first receipt of those that were to go then
        bool operator==(const Left&) const = default;
    };
    using ByUid = std::unordered_map<std::string, Left>;

    explicit LeftBehind(Database& database) : db_(database) {}

    ByUid of(Id account);
    /// Within a transaction: that of the receipts.
    void set(Id account, const ByUid& left);

  private:
    bool has_table();
    Database& db_;
};

}  // namespace popkeep::ledger
