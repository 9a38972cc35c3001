#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "ledger/database.hpp"
#include "ledger/rows.hpp"

namespace popkeep::ledger {

/// Numbers that an account's runs leave for the next one, by name. Nothing that correctness needs.
///
/// Their table is made with the first one. It belongs to no format's number: programs that don't know it
/// don't miss it, and an archive that can't be written to is read without it.
class Memos {
  public:
    explicit Memos(Database& database) : db_(database) {}

    std::optional<std::int64_t> find(Id account, std::string_view name);
    /// Within a transaction.
    void set(Id account, std::string_view name, std::int64_t value);

  private:
    Database& db_;
};

}  // namespace popkeep::ledger
