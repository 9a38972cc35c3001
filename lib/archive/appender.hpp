#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "archive/archive.hpp"
#include "archive/batch.hpp"
#include "archive/commit.hpp"
#include "base/clock.hpp"

namespace popkeep::archive {

/// Takes an account's messages one after the other and puts them into its mbox in batches, by the commit
/// protocol (see commit.hpp). Whatever it throws ends the run: what was committed stays, the rest is settled
/// by the next reconcile.
class Appender {
  public:
    /// The mbox for what arrives at a time: a path relative to the archive.
    using Place = std::function<std::string(std::int64_t seconds)>;

    /// Octets in the mbox that use_pause() needs.
    static constexpr std::size_t worth_a_batch = std::size_t{512} * 1024;

    Appender(Archive& archive, Place place);

    void begin(Origin origin);
    /// Memory for the next `size` bytes of content; what is complete goes into the mbox where it would be too
    /// much together. Valid until the next call.
    std::span<char> room(std::size_t size);
    /// So many bytes at the front of that memory are content.
    void content(std::size_t size) { batch_.content(size); }
    const message::Facts& end(std::uint64_t bare_lf);
    /// The message ended belongs into the mbox, where it goes with its batch: when that is full, or is to be
    /// committed after 10 s.
    void keep();
    /// Forgets the message begun, if one is.
    void drop();
    /// Takes the last message kept out again; false if it went into the mbox already.
    bool take_back();
    /// Puts what is complete into the mbox if that is worth a batch of its own and none is under way: for
    /// moments in which there is nothing else to do.
    void use_pause();
    /// Commits what is complete.
    void flush();
    /// The same if something has waited for that for 10 s.
    void flush_if_due();
    /// True after a commit failed: nothing more may be written in this run.
    bool broken() const { return broken_; }

    /// What was committed since the last call.
    std::vector<Committed> take_committed() { return committer_.take_committed(); }
    std::uint64_t messages() const { return committer_.messages(); }
    std::uint64_t bytes() const { return committer_.bytes(); }
    /// Absolute paths of the mboxes written to.
    const std::vector<std::string>& files() const { return committer_.files(); }

  private:
    void put();
    void put_rolling_over();

    Place place_;
    Batch batch_;
    Committer committer_;
    bool broken_ = false;
    std::unordered_map<std::string, std::uint64_t> parts_;  // where each mbox goes on in this run
    std::optional<Deadline::Clock::time_point> put_waits_since_;
};

}  // namespace popkeep::archive
