#include "report/logged.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "report/summary_text.hpp"

namespace popkeep::report {

Logged::Logged(Subject subject, Log& log, std::unique_ptr<Report> report)
    : Report(std::move(subject)), log_(log), report_(std::move(report)) {
    line(fmt::format("{} from {} into {}", this->subject().dry_run ? "dry run" : "fetch",
                     this->subject().place, this->subject().archive));
}

void Logged::planned(const fetch::Plan& plan) {
    line(plan_text(plan, subject().dry_run));
    report_->planned(plan);
}

void Logged::progress(std::uint64_t messages, std::uint64_t octets) {
    report_->progress(messages, octets);
}

void Logged::trouble(const fetch::Trouble& trouble) {
    line(sentence_of(trouble));
    report_->trouble(trouble);
}

void Logged::round(const fetch::Round& round) {
    line(round_text(round, false));
    report_->round(round);
}

void Logged::note(std::string_view sentence) {
    line(sentence);
    report_->note(sentence);
}

void Logged::warning(std::string_view sentence) {
    line(fmt::format("warning: {}", sentence));
    report_->warning(sentence);
}

void Logged::conversation(pop3::Direction direction, std::string_view line) {
    report_->conversation(direction, line);
}

void Logged::finish(const fetch::Summary& summary) {
    for (const std::string& sentence : sentences_of(summary, subject().archive)) line(sentence);
    if (summary.error) line(fmt::format("error {}: {}", summary.exit_code(), summary.error->what()));
    report_->finish(summary);
}

}  // namespace popkeep::report
