#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/digest.hpp"
#include "file/fd.hpp"
#include "ledger/ledger.hpp"

namespace popkeep::archive {

enum class Access {
    read,     ///< changes nothing; works on read-only media
    write,    ///< for fetch and repair
    founder,  ///< the same for the run that founded the archive and may still undo that
};

/// A directory with mbox files in plain sight and `.popkeep/` (popkeep-archive(5)). Opening it for writing
/// brings the ledger up to date: migrations, a ledger that is lost is built again from the mboxes.
class Archive {
  public:
    /// True if `directory` holds `.popkeep/`.
    static bool is_one(const std::string& directory);

    /// Makes an archive of `directory`, which is created if need be; mboxes that lie in it are adopted.
    /// Founding one that is there already changes nothing. What is founded as `provisional` can be undone
    /// until another run uses it (unfound.hpp). Returns the number of messages adopted.
    static std::uint64_t found(const std::string& directory, bool provisional = false);

    /// Throws cannot_create if there is none, data if the ledger is damaged or newer than this program.
    static Archive open(const std::string& directory, Access access);

    /// Makes the ledger of an archive anew: `fill` gets the archive with an empty one, which takes the old
    /// one's place only when it is complete, so that a run that dies here leaves no ledger that lacks mboxes.
    /// Of several processes one does it, while none that opened the archive for writing is left: `wanted` is
    /// asked while they are waited for, and once they are locked out. An old ledger is set aside, whole.
    /// Returns where, or nothing.
    static std::string rebuild(const std::string& directory, const std::function<bool()>& wanted,
                               const std::function<void(Archive&)>& fill);

    Archive(Archive&&) noexcept;
    ~Archive();

    const std::string& directory() const noexcept { return directory_; }
    std::string path_of(std::string_view relative) const;
    /// The ledger of the archive in `directory`.
    static std::string ledger_path(const std::string& directory);
    /// It is not there, or without a byte: then SQLite would take it for a new one.
    static bool has_lost_its_ledger(const std::string& directory);
    /// `.popkeep/NAME`.
    std::string private_path(std::string_view name) const;
    ledger::Ledger& ledger() noexcept { return *ledger_; }

    /// Notes in the ledger that this process takes locks, so that one it leaves behind can be told from
    /// another program's. Called before each; only the first call does it.
    void enter_run();

    /// What was done unasked while opening or reconciling since the last call, a sentence each.
    std::vector<std::string> take_notes() { return std::exchange(notes_, {}); }
    void note(std::string sentence) { notes_.push_back(std::move(sentence)); }
    /// The same of what a person must hear of: mail that is gone, a ledger that was.
    std::vector<std::string> take_warnings() { return std::exchange(warnings_, {}); }
    void warn(std::string sentence) { warnings_.push_back(std::move(sentence)); }

  private:
    Archive(std::string directory, std::unique_ptr<ledger::Ledger> ledger, file::Fd lock = {});
    std::string directory_;
    file::Fd lock_;  ///< as long as the ledger is written to
    std::unique_ptr<ledger::Ledger> ledger_;
    std::vector<std::string> notes_, warnings_;
    bool run_entered_ = false;
};

}  // namespace popkeep::archive
