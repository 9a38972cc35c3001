#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "fetch/observer.hpp"
#include "fetch/run.hpp"
#include "jobs/frame.hpp"

namespace popkeep::jobs {

/// In the parent: what one account's process tells, told on.
class Receiver {
  public:
    explicit Receiver(fetch::Observer& observer) : observer_(observer) {}

    /// Everything that `bytes` completes. Throws (software) what no process of ours would say.
    void feed(std::string_view bytes);

    /// The process wants the terminal, or holds it.
    bool wants_terminal() const noexcept { return wants_terminal_; }
    /// Whether it has left the terminal since the last call, even if it wants it again.
    bool take_leave() noexcept { return std::exchange(left_terminal_, false); }
    /// Its last word, if it came.
    const std::optional<fetch::Summary>& summary() const noexcept { return summary_; }

  private:
    void hear(Fields& fields);

    fetch::Observer& observer_;
    FrameBuffer buffer_;
    fetch::Plan plan_;
    std::optional<fetch::Summary> summary_;
    bool wants_terminal_ = false, left_terminal_ = false;
};

}  // namespace popkeep::jobs
