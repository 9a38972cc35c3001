#pragma once

#include <cstdint>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "archive/archive.hpp"
#include "archive/claim.hpp"
#include "fetch/item.hpp"
#include "ledger/rows.hpp"
#include "message/facts.hpp"
#include "pop3/session.hpp"

namespace popkeep::fetch {

/// Ties listed messages to rows of the ledger, one to one, so that twins stay two.
class Identifier {
  public:
    Identifier(archive::Archive& archive, ledger::Id account);

    /// By UID and LIST size. What that can't tell is left doubtful: a UID that is missing, repeated or as
    /// good as the message's number, a size that changed, UIDs most of which are suddenly new, and one that
    /// was confirmed to be deleted.
    void by_uid(const pop3::Listing& listing, Items& items);

    /// True if every UID of the last listing can be trusted to name the same message next time.
    bool uids_trusted() const { return trusted_; }

    /// By TOP n 0 and size, for the doubtful. Found ones are known, and returned as claims by header; others
    /// are fresh, or doubtful still where there is no TOP or no header.
    std::vector<archive::Claim> by_header(pop3::Session& session, Items& items);

    struct Known {
        ledger::Id row = 0;
        bool for_now = false;  ///< another one may still come that is this row to the byte
    };
    /// By content, for a message just received: the row that it is, if it stands already and no other listed
    /// one was proven to be it. Under its own UID it may have other status fields by now: some servers write
    /// them as readers do. So may a row whose content was never seen on the wire, if a reader marked it.
    std::optional<Known> by_content(const pop3::Listed& listed, const message::Facts& facts);

    /// The same for a row that it is known to be by less: nothing if it isn't.
    std::optional<Known> same(ledger::Id row, const message::Facts& facts);

    /// After a commit, which may have found mail that another program appended.
    void look_for_unclaimed();

    /// No other listed message may be tied to this row. One that was, by less than its content, is doubtful
    /// again; returns whether there was one.
    bool take(ledger::Id row, const Item& by);
    /// The same, until one comes that is this row to the byte.
    void take_for_now(ledger::Id row, Item& by);
    /// Whether there was such a one since this was last asked.
    bool any_doubtful_again() { return std::exchange(any_doubtful_again_, false); }
    /// It isn't this row.
    void give_back(ledger::Id row);

  private:
    bool may_be(const ledger::Message& row, const pop3::Listed& listed);
    void match(Item& item);
    bool was_removed(const Item& item, const Digest& header);
    std::optional<ledger::Message> candidate(const pop3::Listed& listed, const Digest& header);

    archive::Archive& archive_;
    ledger::Id account_;
    bool trusted_ = false;
    bool has_candidates_;  // for by_content(): most often none, and then a query for each message is saved
    bool any_doubtful_again_ = false;
    std::unordered_map<std::uint32_t, ledger::Id> left_behind_;
    std::unordered_set<ledger::Id> taken_;
    std::unordered_map<ledger::Id, Item*> for_now_;  // of them, those taken by less than their content
};

}  // namespace popkeep::fetch
