#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "fetch/item.hpp"
#include "fetch/job.hpp"
#include "ledger/ledger.hpp"
#include "pop3/session.hpp"

namespace popkeep::fetch {

/// Servers that list a portion of the mail, and hide what was retrieved once QUIT came. What they gave out in
/// a session that broke stays in the portion, and in the end nothing else is listed any more. So it is
/// retrieved once more: one message, and where the next listing lacks it, more. Of a run, over its sessions.
class Hiding {
  public:
    Hiding(ledger::Ledger& ledger, ledger::Id account, const Job& job);

    /// True if archived mail that is still listed may stand in the way of other mail.
    bool suspected(const pop3::Session& session) const;
    /// What an earlier one retrieved without coming to its QUIT is not hidden.
    void begin_session();
    /// With the listing of a suspected server, before anything is retrieved: learns from what is known of it.
    /// `free` are those that may be retrieved once more; some are marked for that.
    void listed(const pop3::Session& session, const Items& items, const std::vector<Item*>& free);
    /// This row's message came.
    void retrieved(ledger::Id row);
    /// QUIT was answered +OK.
    void closed();

    /// So many different messages came in this run.
    std::uint64_t count() const { return all_.size(); }

  private:
    std::optional<std::int64_t> gone() const;
    void learn(std::int64_t gone, ledger::Id witness);

    ledger::Ledger& ledger_;
    ledger::Id account_;
    const Job& job_;
    /// For each name, since a prefix of it may ask for another listing.
    std::string gone_memo_, witness_memo_;
    /// What came in this run, in this session, and in sessions that QUIT ended.
    std::unordered_set<ledger::Id> all_, retrieved_, released_;
    std::vector<ledger::Id> asked_again_;  ///< in this session
};

}  // namespace popkeep::fetch
