#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "ledger/database.hpp"
#include "ledger/rows.hpp"

namespace popkeep::ledger {

class Mboxes {
  public:
    explicit Mboxes(Database& database) : db_(database) {}

    bool any();
    std::vector<Mbox> all();
    std::optional<Mbox> find(std::string_view path);
    std::optional<Mbox> find(Id id);
    /// The highest number given so far; 0: none.
    Id highest();
    /// Enters an empty one if the path is new.
    Mbox enter(std::string_view path);
    void update(const Mbox& mbox);

  private:
    Database& db_;
};

}  // namespace popkeep::ledger
