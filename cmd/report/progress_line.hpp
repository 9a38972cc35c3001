#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace popkeep::report {

/// What is going on, in one line of the ProgressBlock.
class ProgressLine {
  public:
    explicit ProgressLine(bool wanted = true);
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;
    ~ProgressLine();

    /// `name`, and what it does in a word.
    void state(std::string_view name, std::string_view word);
    /// `name`, messages, share, bytes, rate and the time left. `total_bytes` 0: unknown.
    void messages(std::string_view name, std::uint64_t done, std::uint64_t total, std::uint64_t bytes,
                  std::uint64_t total_bytes);
    /// Any other thing that takes long: "verify", bytes done and to do.
    void bytes(std::string_view what, std::uint64_t done, std::uint64_t total);

  private:
    using Clock = std::chrono::steady_clock;
    double elapsed() const;

    bool wanted_;
    Clock::time_point begun_ = Clock::now();
};

}  // namespace popkeep::report
