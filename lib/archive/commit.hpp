#pragma once

#include <cstdint>
#include <future>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "archive/archive.hpp"
#include "archive/batch.hpp"
#include "archive/open_mbox.hpp"
#include "base/clock.hpp"
#include "base/worker.hpp"
#include "ledger/rows.hpp"

namespace popkeep::archive {

/// A message that stands durably in an mbox and in the ledger.
struct Committed {
    std::uint32_t number = 0;  ///< Origin::number
    ledger::Id row = 0;
    std::uint64_t size = 0;  ///< octets of its content
};

/// Puts batches at the ends of mboxes, so that after a crash at any moment each message either stands whole
/// and is known to, or can be told for certain not to: lock, reconcile, prepare (the intent, durable in the
/// ledger), append, sync, read back and compare, unlock, commit (rows archived). From the sync to the unlock
/// a thread does it while the caller gets the next batch. The commit waits for that one, whose prepare rides
/// in the same transaction, or for finish(). Where the disk is slower than the caller, so that there is never
/// a while without the lock, it is left to others for 0.3 s every 3 s.
///
/// A failure while appending or comparing cuts the file back to where it began and is passed on; a failure of
/// the ledger touches nothing, since a COMMIT that returned an error may still have happened. No sync is ever
/// tried again.
class Committer {
  public:
    explicit Committer(Archive& archive) : archive_(archive) {}

    /// Before put(): waits until what was put before is durable, and has others have their turn at the mbox.
    /// Throws what failed behind the caller's back.
    void await_turn();
    /// Commits what was put before, then puts entries of a batch at the end of an mbox. Their memory is free
    /// when this returns; what fails behind its back is thrown by the next call of another member. False,
    /// with nothing left of the entries, if the mbox may not grow so far (EFBIG); that is thrown where an
    /// empty one may not hold a single entry, or where some of them stand all the same.
    bool put(const std::string& relative_path, const Batch& batch, std::span<const Batch::Entry> entries);
    /// Commits what was put last. Throws temporary if another program took some of it out of the mbox.
    void finish();

    /// True while what was put last is not durable yet.
    bool busy() const;

    /// What was committed since the last call, in the order of put().
    std::vector<Committed> take_committed() { return std::exchange(committed_, {}); }
    /// Committed in all.
    std::uint64_t messages() const { return messages_; }
    std::uint64_t bytes() const { return bytes_; }
    /// Absolute paths of the mboxes that they went to.
    const std::vector<std::string>& files() const { return files_; }

  private:
    // Bytes that stand, or soon will, under rows that are prepared.
    struct Put {
        ledger::Id account = 0;
        ledger::Mbox mbox;                   // as the ledger knows it, or is to once they are durable
        std::future<ledger::Mbox> appended;  // until they are
        std::vector<Committed> messages;
        std::vector<ledger::Id> replaced;
    };

    void await_put();
    bool nothing_left(const Put& put);
    OpenMbox open_at_end(const std::string& relative_path);
    bool stands_as_put(const OpenMbox& mbox);
    void commit_put();
    void enter_put();
    void count_put();
    void count_what_reconcile_committed();
    void count(const Put& put);

    Archive& archive_;
    Worker<ledger::Mbox> worker_;
    std::optional<Put> put_;
    std::optional<Deadline> own_turn_;  // while the lock is hardly ever free
    std::vector<Committed> committed_;
    std::vector<std::string> files_;
    std::uint64_t messages_ = 0, bytes_ = 0;
};

}  // namespace popkeep::archive
