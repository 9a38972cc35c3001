#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/database.hpp"
#include "ledger/rows.hpp"

namespace popkeep::ledger {

struct MessageCounts {
    std::uint64_t archived = 0, unclaimed = 0, missing = 0, bytes = 0;
};

class Messages {
  public:
    explicit Messages(Database& database) : db_(database) {}

    /// With the time of not_before() if it was archived earlier.
    Id insert(const Message& message);
    /// What is inserted from now on was archived at this time at the earliest: a clock that is set back must
    /// not make it old.
    void not_before(std::int64_t time) { not_before_ = time; }
    std::optional<Message> find(Id id);
    /// All of an account with this UID, archived and missing: twins may share one. Those proven by content
    /// come first, then the oldest.
    std::vector<Message> by_uid(Id account, std::string_view uid);
    /// Archived ones of the account and unclaimed ones with this header digest.
    std::vector<Message> by_header(Id account, const Digest& header);
    std::vector<Message> by_content_prefix(std::string_view hex);
    std::vector<Message> prepared_in(Id mbox);
    /// Ascending.
    std::vector<Id> prepared_ids_in(Id mbox);
    /// In the order of the file; missing and prepared ones included.
    void each_in(Id mbox, const std::function<void(const Message&)>& visit);
    /// By number, ascending, from `first` on, without prepared ones, as long as `visit` returns true; no
    /// accounts mean all. Nothing of the ledger is held while it visits.
    void each(const Ids& accounts, Id first, const std::function<bool(const Message&)>& visit);
    /// With which number the newest `count` of them begin.
    Id first_of_newest(const Ids& accounts, std::uint64_t count);
    /// The highest number given so far; 0: none.
    Id highest();
    /// True if it is archived, or was removed from its mbox for good: a run has nothing to do about it.
    bool settled(Id id);
    bool any_unclaimed();
    bool any_archived(Id account);
    MessageCounts counts(std::optional<Id> account);

    /// Those that are prepared are archived now.
    void archive_prepared_in(Id mbox);
    void update(const Message& message);  ///< all columns, by id
    void remove(Id id);
    /// Removes it if it is missing still.
    void remove_missing(Id id);
    /// Missing messages with unclaimed ones that have their content, readers' status fields apart: one to
    /// one, those that look alike by number.
    std::vector<std::pair<Id, Id>> moved();
    void refetch_missing();
    /// Missing ones that are to be fetched again whose content the account has archived since, one to one.
    std::vector<Id> made_good();

  private:
    Database& db_;
    std::int64_t not_before_ = 0;
};

}  // namespace popkeep::ledger
