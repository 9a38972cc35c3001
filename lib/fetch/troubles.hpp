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

    /// What the session lists, before anything else is said or asked of it. Puts off what is quarantined
    /// until later.
    void begin_session(Items& items);
    /// Forgets those that are archived or, by a listing that is not empty, listed no more. What is archived
    /// has not failed in this run either.
    void forget_settled(const Items& items);

    void refused(const pop3::Listed& message, std::string_view said) { failed(message, said, false); }
    void broke_session(const pop3::Listed& message, std::string_view what) { failed(message, what, true); }

    /// A session broke when it was to come: whether it is at fault shows when the others are safe, if need
    /// be in a later run. No failure yet, and not told.
    void suspect(const pop3::Listed& message, std::string_view what);
    /// A suspect for this run only, of which nothing is lacking: it is not asked for anything any more.
    void leave_alone(const pop3::Listed& message);
    /// For the rest of the run, whatever comes of it.
    bool is_suspect(const pop3::Listed& message) const;
    /// Whether it failed in this run, or is quarantined.
    bool has_failed(const pop3::Listed& message) const;
    /// Whether there are suspects that weren't tried by themselves in this run.
    bool any_untried() const;
    /// Whether the latest session listed one of them.
    bool any_put_off() const;

    std::uint64_t count() const { return failed_.size(); }
    bool any_quarantined() const;
    bool any_told() const { return told_; }

  private:
    std::string key_of(const pop3::Listed& message) const;
    bool is_untried(const std::string& key) const;
    ledger::Refusal& noted(const pop3::Listed& message, std::string_view said, bool broke);
    void failed(const pop3::Listed& message, std::string_view said, bool broke);
    void enter(const ledger::Refusal& refusal);
    void tell(const pop3::Listed& message, const ledger::Refusal& refusal);

    archive::Archive& archive_;
    ledger::Id account_;
    Observer& observer_;
    bool remembers_;
    std::unordered_map<std::string, ledger::Refusal> known_;
    std::unordered_set<std::string> failed_;  // in this run, the quarantined included
    std::unordered_set<std::string> suspects_;
    std::unordered_set<std::string> listed_;                   // of the known ones, by the latest session
    std::unordered_map<std::uint32_t, std::uint32_t> places_;  // by number, of those with others' name
    bool told_ = false;
};

}  // namespace popkeep::fetch
