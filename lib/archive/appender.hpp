#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "archive/archive.hpp"
#include "archive/batch.hpp"
#include "ledger/rows.hpp"

namespace popkeep::archive {

/// A message that stands durably in an mbox and in the ledger.
struct Committed {
    std::uint32_t number = 0;  ///< Origin::number
    ledger::Id row = 0;
};

/// Takes an account's messages one after the other and puts them into its mbox in batches, by the commit
/// protocol (see commit.hpp). Whatever it throws ends the run: what was committed stays, the rest is settled
/// by the next reconcile.
class Appender {
  public:
    /// The mbox for what arrives at a time: a path relative to the archive.
    using Place = std::function<std::string(std::int64_t seconds)>;

    Appender(Archive& archive, Place place);

    void begin(Origin origin);
    /// Memory for the next `size` bytes of content; commits what is complete where it would be too much
    /// together. Valid until the next call.
    std::span<char> room(std::size_t size);
    /// So many bytes at the front of that memory are content.
    void content(std::size_t size) { batch_.content(size); }
    const message::Facts& end(std::uint64_t bare_lf);
    /// The message ended belongs into the mbox; commits the batch if it is full or has waited for 10 s.
    void keep();
    /// Forgets the message begun, if one is.
    void drop();
    /// Takes the last message kept out again; false if it is committed already.
    bool take_back();
    /// Commits what is complete.
    void flush();
    /// True after a commit failed: nothing more may be written in this run.
    bool broken() const { return broken_; }
    /// The same if the batch has waited for 10 s.
    void flush_if_due();

    /// What was committed since the last call.
    std::vector<Committed> take_committed() { return std::exchange(committed_, {}); }
    std::uint64_t messages() const { return messages_; }
    std::uint64_t bytes() const { return bytes_; }
    /// Absolute paths of the mboxes written to.
    const std::vector<std::string>& files() const { return files_; }

  private:
    void commit(const std::string& file, std::span<const Batch::Entry> entries);
    void commit_rolling_over();

    Archive& archive_;
    Place place_;
    Batch batch_;
    bool broken_ = false;
    std::vector<Committed> committed_;
    std::vector<std::string> files_;
    std::uint64_t messages_ = 0, bytes_ = 0;
};

}  // namespace popkeep::archive
