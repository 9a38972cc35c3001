#pragma once

#include "report/report.hpp"

namespace popkeep::report {

/// A run as JSON lines: plan, session (when draining), trouble, note, error and, last, summary.
class Json : public Report {
  public:
    using Report::Report;

    void planned(const fetch::Plan& plan) override;
    void trouble(const fetch::Trouble& trouble) override;
    void round(const fetch::Round& round) override;
    void note(std::string_view sentence) override;
    void finish(const fetch::Summary& summary) override;
};

/// {"type":"summary",…} and its LF.
std::string summary_line(const Subject& subject, const fetch::Summary& summary);

/// {"type":"error",…}
void print_json_error(const Error& error, std::string_view account);

}  // namespace popkeep::report
