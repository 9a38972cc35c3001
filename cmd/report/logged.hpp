#pragma once

#include <memory>

#include "report/report.hpp"

namespace popkeep::report {

/// A report that is also written down.
class Logged : public Report {
  public:
    Logged(Subject subject, Log& log, std::unique_ptr<Report> report);

    void begin() override { report_->begin(); }
    void connected(const pop3::Session& session) override { report_->connected(session); }
    void planned(const fetch::Plan& plan) override;
    void progress(std::uint64_t messages, std::uint64_t octets) override;
    void trouble(const fetch::Trouble& trouble) override;
    void round(const fetch::Round& round) override;
    void waiting(std::chrono::seconds left) override { report_->waiting(left); }
    void note(std::string_view sentence) override;
    void warning(std::string_view sentence) override;
    void conversation(pop3::Direction direction, std::string_view line) override;
    void finish(const fetch::Summary& summary) override;

  private:
    void line(std::string_view sentence) { log_.line(subject().account, sentence); }

    Log& log_;
    std::unique_ptr<Report> report_;
};

}  // namespace popkeep::report
