#include "mbox/lock.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <utility>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/interrupt.hpp"

namespace popkeep::mbox {
namespace {

using std::chrono::milliseconds;

// The time between attempts, up to the end of patience.
class Patience {
  public:
    explicit Patience(std::chrono::seconds patience) : deadline_(Deadline::in(patience)) {}

    bool over() const { return deadline_.passed(); }

    void wait() {
        struct pollfd stop {
            interrupt::descriptor(), POLLIN, 0
        };
        poll(&stop, 1, deadline_.poll_milliseconds(pause_));
        interrupt::check();
        pause_ = std::min(pause_ * 3 / 2, milliseconds(250));
    }

  private:
    Deadline deadline_;
    milliseconds pause_{50};
};

Error locked(const std::string& path, const Holder& holder, std::string_view hint) {
    Error error(Category::temporary, "the mbox is locked by another program");
    return error.at(path).said(holder.described()).next(hint);
}

}  // namespace

Lock Lock::exclusive(const file::Fd& fd, const std::string& path, std::chrono::seconds patience,
                     const IsOurDead& is_our_dead) {
    for (Patience waiting(patience);; waiting.wait()) {
        Holder holder;
        bool file_is_free = false;
        if (auto file = FileLock::attempt(fd, FileLock::Kind::exclusive, path, holder)) {
            file_is_free = true;
            if (auto dot = Dotlock::attempt(path, is_our_dead, holder)) {
                return {std::move(*file), std::move(*dot)};
            }
        }
        if (!waiting.over()) continue;
        throw locked(path, holder,
                     file_is_free
                         ? fmt::format("if no such program uses the mbox any more, delete {}.lock", path)
                         : "run again when it is done");
    }
}

Lock Lock::shared(const file::Fd& fd, const std::string& path, std::chrono::seconds patience) {
    for (Patience waiting(patience);; waiting.wait()) {
        Holder holder;
        if (auto file = FileLock::attempt(fd, FileLock::Kind::shared, path, holder))
            return Lock(std::move(*file));
        if (waiting.over()) throw locked(path, holder, "run again when it is done");
    }
}

}  // namespace popkeep::mbox
