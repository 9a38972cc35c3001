#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "ledger/database.hpp"
#include "ledger/rows.hpp"

namespace popkeep::ledger {

/// Receipts of DELEs.
class Deletions {
  public:
    explicit Deletions(Database& database) : db_(database) {}

    /// Writes the receipt, outcome unknown. Before DELE is sent.
    Id ask(const Message& message, std::string_view path, std::int64_t time);
    void settle(Id id, std::string_view outcome, std::string_view quit_reply);
    /// True if a receipt for this message is confirmed: it is gone for good from the server.
    bool confirmed(Id message);
    /// Whether it was asked to go by this receipt or a later one.
    bool asked_since(Id message, Id receipt);
    /// How often a message was asked to go, whatever came of it.
    std::uint64_t attempts(Id message);
    /// How often the server answered to that: +OK to DELE and QUIT, or -ERR to the DELE.
    std::uint64_t answered(Id message);
    /// What was confirmed wasn't so. Other outcomes say it already, or that nobody knows.
    void still_listed(Id message);
    /// Newest first; no accounts mean all.
    void each(const Ids& accounts, const std::function<void(const Deletion&)>& visit);
    std::optional<Deletion> find(Id id);
    /// The highest number given so far; 0: none.
    Id highest();

  private:
    Database& db_;
};

}  // namespace popkeep::ledger
