#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace popkeep::report {

/// One line at the bottom of standard error that is drawn over itself, at most ten times a second, and never
/// wider than the window. Draws nothing unless standard error is a terminal that can move its cursor.
class ProgressLine {
  public:
    explicit ProgressLine(bool wanted = true);
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;
    ~ProgressLine() { wipe(); }

    /// `name done/total` with a bar where there is room; bytes and rate go with it. `total` 0: unknown.
    void messages(std::string_view name, std::uint64_t done, std::uint64_t total, std::uint64_t bytes,
                  std::uint64_t total_bytes);
    /// Any other thing that takes long: "verify", bytes done and to do.
    void bytes(std::string_view what, std::uint64_t done, std::uint64_t total);

    /// Anything else.
    void text(std::string_view text);

    /// Takes a line that is being shown off the screen, so that something else can be written.
    static void wipe();

  private:
    using Clock = std::chrono::steady_clock;
    bool due(bool last);
    double elapsed() const;
    void draw(const std::string& text);

    bool wanted_;
    Clock::time_point begun_ = Clock::now(), drawn_;
};

}  // namespace popkeep::report
