#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "ledger/database.hpp"
#include "ledger/rows.hpp"

namespace popkeep::ledger {

/// Messages that couldn't be had.
class Refusals {
  public:
    explicit Refusals(Database& database) : db_(database) {}

    std::vector<Refusal> all(Id account);
    /// Enters it, or what is new of one that is known; when that was told stays.
    void put(const Refusal& refusal);
    void told(Id account, std::string_view uid, std::int64_t time);
    void remove(Id account, std::string_view uid);

  private:
    Database& db_;
};

}  // namespace popkeep::ledger
