#include "report/json.hpp"

#include "base/text.hpp"
#include "report/json_line.hpp"
#include "report/output.hpp"

namespace popkeep::report {
namespace {

void message(std::string_view type, const std::string& account, const pop3::Listed& listed) {
    JsonLine(type)
        .add("account", account)
        .add("number", listed.number)
        .add("uid", listed.uid)
        .add("octets", listed.octets)
        .print();
}

}  // namespace

void Json::planned(const fetch::Plan& plan) {
    JsonLine("plan")
        .add("account", subject().account)
        .add("listed", plan.listed)
        .add("listed_octets", plan.listed_octets)
        .add("wanted", plan.wanted)
        .add("wanted_octets", plan.wanted_octets)
        .add("unsized", plan.unsized)
        .add("undecided", plan.undecided)
        .add("claimed", plan.claimed)
        .add("held_back", plan.held_back)
        .print();
    for (const auto& listed : plan.fetch) message("would_fetch", subject().account, listed);
    for (const auto& listed : plan.remove) message("would_delete", subject().account, listed);
}

void Json::trouble(const fetch::Trouble& trouble) {
    JsonLine("trouble")
        .add("account", subject().account)
        .add("number", trouble.number)
        .add("uid", trouble.uid)
        .add("said", printable(trouble.said))
        .add("failures", trouble.failures)
        .add("quarantined", trouble.quarantined)
        .print();
}

void Json::round(const fetch::Round& round) {
    JsonLine("session")
        .add("account", subject().account)
        .add("number", round.number)
        .add("archived", round.messages)
        .add("bytes", round.bytes)
        .add("archived_so_far", round.all_messages)
        .add("bytes_so_far", round.all_bytes)
        .add("listed", round.listed)
        .add("wait", static_cast<std::uint64_t>(round.wait.count()))
        .print();
}

void Json::note(std::string_view sentence) {
    JsonLine("note").add("account", subject().account).add("text", printable(sentence)).print();
}

void Json::finish(const fetch::Summary& summary) {
    if (summary.error) print_json_error(*summary.error, subject().account);
    complain_about(summary, err_is_terminal());
    out(summary_line(subject(), summary));
    flush_out();
}

std::string summary_line(const Subject& subject, const fetch::Summary& summary) {
    JsonLine line("summary");
    line.add("account", subject.account)
        .add("listed", summary.listed)
        .add("new", summary.fresh)
        .add("archived", summary.archived)
        .add("refused", summary.refused)
        .add("deleted", summary.deleted)
        .add("bytes", summary.bytes)
        .add("seconds", summary.seconds)
        .add("exit", summary.exit_code())
        .add("claimed", summary.claimed)
        .add("left", summary.left)
        .add("unconfirmed", summary.unconfirmed)
        .add("files", summary.files)
        .add("dry_run", subject.dry_run)
        .add("sessions", summary.sessions)
        .add("unlisted", summary.unlisted)
        .add_time("oldest", summary.oldest)
        .add_time("newest", summary.newest);
    summary.error ? line.add("error", printable(summary.error->what(), 4096)) : line.add_null("error");
    return line.text();
}

void print_json_error(const Error& error, std::string_view account) {
    JsonLine("error")
        .add("account", account)
        .add("exit", error.exit_code())
        .add("where", error.where())
        .add("what", error.sentence())
        .add("said", error.said())
        .add("next", error.next())
        .print();
}

}  // namespace popkeep::report
