#include "report/report.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "report/json.hpp"
#include "report/logged.hpp"
#include "report/output.hpp"
#include "report/people.hpp"
#include "report/question.hpp"

namespace popkeep::report {

bool Manner::loud() const {
    return !quiet && (verbose || out_is_terminal() || err_is_terminal());
}

void Report::conversation(pop3::Direction direction, std::string_view line) {
    report::conversation(subject_.several ? subject_.account : "")(direction, line);
}

bool Report::may_delete(std::uint64_t messages, std::uint64_t listed) {
    return report::may_delete(subject_.account, messages, listed);
}

void Report::complain_about(const fetch::Summary& summary, bool looks) const {
    if (summary.error && (looks || !summary.silent)) complain(*summary.error, subject_.account);
}

std::unique_ptr<Report> make_report(const Manner& manner, Subject subject) {
    std::unique_ptr<Report> report;
    if (manner.json) {
        report = std::make_unique<Json>(subject);
    } else {
        report = std::make_unique<People>(subject, manner);
    }
    if (manner.log == nullptr) return report;
    return std::make_unique<Logged>(std::move(subject), *manner.log, std::move(report));
}

std::function<void(pop3::Direction, std::string_view)> conversation(const std::string& account) {
    return [lead = account.empty() ? "" : printable(account) + ": "](pop3::Direction direction,
                                                                     std::string_view line) {
        const char* arrow = direction == pop3::Direction::sent ? ">" : "<";
        err(fmt::format("{}{} {}\n", lead, arrow, printable(line, 1000)), Level::debug);
    };
}

bool may_delete(const std::string& account, std::uint64_t messages, std::uint64_t listed) {
    return typed_yes(
        fmt::format("{}: {} of {} listed will be deleted on the server, all of them archived. "
                    "This is asked once for an account.",
                    printable(account), counted_messages(messages), listed));
}

bool was_stopped(const fetch::Summary& summary) {
    return summary.error && summary.error->is_stop();
}

std::string sentence_of(const fetch::Trouble& trouble) {
    std::string text = fmt::format("message {}", trouble.number);
    if (!trouble.uid.empty()) text += fmt::format(" (UID {})", printable(trouble.uid, 80));
    text += " could not be had";
    if (!trouble.said.empty()) text += ": " + printable(trouble.said, 200);
    if (trouble.failures > 1) text += fmt::format(", {} times by now", trouble.failures);
    return text + (trouble.quarantined ? "; it is set aside and asked for again with growing pauses"
                                       : "; the next run asks for it again");
}

}  // namespace popkeep::report
