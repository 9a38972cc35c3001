#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>

#include "file/identity.hpp"
#include "mbox/holder.hpp"

namespace popkeep::mbox {

/// PATH.lock, the lock that works between hosts and that procmail, mutt and exim know. Removed on
/// destruction, unless another program has taken it over meanwhile.
///
/// One that is there is removed only if
/// - this process could not remove it when it was done (one thread takes locks), or
/// - it carries the process id of a run of ours that is certainly over, or
/// - it wasn't touched for five minutes and carries no process id that lives on this host. That is
///   liblockfile's own convention: who works longer touches the lock. A dead number alone proves nothing,
///   the process may live on another host.
class Dotlock {
  public:
    using IsOurDead = std::function<bool(pid_t)>;

    /// Takes the lock of the mbox `path`, or fills in `holder`. Throws if the folder doesn't let us.
    static std::optional<Dotlock> attempt(const std::string& path, const IsOurDead& is_our_dead,
                                          Holder& holder);

    Dotlock(Dotlock&& other) noexcept;
    Dotlock& operator=(Dotlock&&) = delete;
    Dotlock(const Dotlock&) = delete;
    Dotlock& operator=(const Dotlock&) = delete;
    ~Dotlock();

  private:
    explicit Dotlock(std::string path);

    std::string path_;
    std::optional<file::Identity> identity_;  // nothing: moved from, or another program has removed it
};

}  // namespace popkeep::mbox
