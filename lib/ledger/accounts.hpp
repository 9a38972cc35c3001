#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "ledger/database.hpp"
#include "ledger/rows.hpp"

namespace popkeep::ledger {

/// Accounts, and each one's last listing.
class Accounts {
  public:
    explicit Accounts(Database& database) : db_(database) {}

    std::vector<Account> all();
    std::optional<Account> find(std::string_view identity);
    /// As a person types it: the one with this identity, else all with this name.
    std::vector<Account> named(std::string_view name);
    /// Enters the account at its first contact, else notes the attempt.
    Account enter(std::string_view identity, std::string_view name, std::int64_t time);
    /// The newest time that any account's run left: what the clock may not be before.
    std::optional<std::int64_t> newest_time();

    void succeeded(Id account, std::int64_t time);
    void failed(Id account, int exit_code, std::string_view error);
    void told(Id account, std::int64_t time);
    void deleted_once(Id account);
    void credential_refused(Id account, std::int64_t time, std::int64_t mark, std::string_view salt);
    void credential_accepted(Id account);

    std::optional<Listing> last_listing(Id account);
    void remember_listing(Id account, const Listing& listing);
    /// The next run looks at every listed message again.
    void unsettle(std::optional<Id> account);

  private:
    Database& db_;
};

}  // namespace popkeep::ledger
