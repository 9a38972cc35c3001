#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "report/report.hpp"

namespace popkeep::report {

/// The one summary of a run over several accounts, and the line beneath their progress lines.
class Overview {
  public:
    Overview(std::size_t accounts, const Manner& manner);
    Overview(const Overview&) = delete;
    Overview& operator=(const Overview&) = delete;
    ~Overview();

    void begun() { ++begun_; }
    bool all_begun() const noexcept { return begun_ == accounts_; }
    void add(const Subject& subject, const fetch::Summary& summary);
    /// All that will run has run. `exit`: the exit code.
    void print(int exit) const;

  private:
    struct Outcome {
        Subject subject;
        fetch::Summary summary;
    };
    std::size_t done() const { return outcomes_.size() - failed_ - stopped_; }
    std::string progress() const;
    void print_json(int exit) const;
    void print_text() const;
    std::string headline() const;
    void print_outcome(const Outcome& outcome) const;

    using Clock = std::chrono::steady_clock;
    double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

    std::size_t accounts_, begun_ = 0, failed_ = 0, stopped_ = 0;
    Manner manner_;
    Clock::time_point start_ = Clock::now();
    std::vector<Outcome> outcomes_;
    fetch::Summary sum_;
};

}  // namespace popkeep::report
