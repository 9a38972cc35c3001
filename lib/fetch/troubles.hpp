#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "archive/archive.hpp"
#include "fetch/item.hpp"
#include "fetch/observer.hpp"

namespace popkeep::fetch {

/// The account's messages that can't be had: remembers them, asks for them again with growing pauses, and
/// tells of each at its first failure and then at most daily.
class Troubles {
  public:
    /// `remembers`: false for a dry run, which writes nothing.
    Troubles(archive::Archive& archive, ledger::Id account, Observer& observer, bool remembers);

    /// UIDs that broke a session in an earlier run and are to be tried by themselves.
    std::unordered_set<std::string> that_broke_sessions() const;

    /// Puts off what is quarantined until later.
    void put_off_quarantined(Items& items);
    /// Forgets those that are archived or, by a listing that is not empty, listed no more.
    void forget_settled(const Items& items);

    void refused(const pop3::Listed& message, std::string_view said) { add(message, said, false); }
    void broke_session(const pop3::Listed& message, std::string_view what) { add(message, what, true); }

    std::uint64_t count() const { return failed_.size(); }
    bool any_quarantined() const { return quarantined_; }
    bool any_told() const { return told_; }

  private:
    void add(const pop3::Listed& message, std::string_view said, bool broke);
    void tell(const pop3::Listed& message, const ledger::Refusal& refusal);

    archive::Archive& archive_;
    ledger::Id account_;
    Observer& observer_;
    bool remembers_;
    std::unordered_map<std::string, ledger::Refusal> known_;
    std::unordered_set<std::string> failed_;  // in this run, the quarantined included
    bool quarantined_ = false, told_ = false;
};

}  // namespace popkeep::fetch
