#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ledger/rows.hpp"
#include "mbox/scanner.hpp"

namespace popkeep::archive {

/// Ties messages found in an mbox to rows of the ledger, one to one, so that twins stay two: by content
/// digest first, then by the digest without readers' status fields. A row that has bytes keeps them from one
/// that is missing.
class Matcher {
  public:
    struct Match {
        ledger::Id id = 0;
        std::uint64_t start = 0, length = 0;
        bool edited = false;  ///< only the second digest agrees
    };

    void add_row(const ledger::Message& row);
    void add_found(mbox::Found found);

    /// Ends the adding and matches.
    void settle();
    /// After that: ties an unmatched row to the unmatched message that begins at the same place.
    void tie(const Match& match);

    const std::vector<Match>& matches() const { return matches_; }
    const std::vector<ledger::Id>& unmatched_rows() const { return unmatched_rows_; }
    const std::vector<mbox::Found>& unmatched_found() const { return unmatched_found_; }

  private:
    struct Candidate {
        Digest digest;
        bool missing = false;
        ledger::Id id = 0;
        bool used = false;
        std::optional<Digest> stripped;
    };
    std::optional<ledger::Id> take(const Digest& digest);

    std::vector<Candidate> candidates_;
    std::vector<mbox::Found> found_;
    std::vector<Match> matches_;
    std::vector<ledger::Id> unmatched_rows_;
    std::vector<mbox::Found> unmatched_found_;
};

}  // namespace popkeep::archive
