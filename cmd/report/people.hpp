#pragma once

#include <optional>
#include <vector>

#include "report/progress_line.hpp"
#include "report/report.hpp"

namespace popkeep::report {

/// A run for people: what will come, a progress line, what came of it. Where nobody looks only what went
/// wrong is told, in plain lines on standard error.
class People : public Report {
  public:
    People(Subject subject, const Manner& manner);

    void begin() override;
    void planned(const fetch::Plan& plan) override;
    void progress(std::uint64_t messages, std::uint64_t octets) override;
    void trouble(const fetch::Trouble& trouble) override;
    void round(const fetch::Round& round) override;
    void waiting(std::chrono::seconds left) override;
    void note(std::string_view sentence) override;
    void warning(std::string_view sentence) override;
    void finish(const fetch::Summary& summary) override;

  private:
    void say(const std::string& sentence) const;

    bool loud_, several_;
    std::optional<ProgressLine> line_;
    std::uint64_t wanted_ = 0, wanted_octets_ = 0;
    std::uint64_t most_listed_ = 0;  // by a draining run's sessions
};

}  // namespace popkeep::report
