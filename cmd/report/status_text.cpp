#include "report/status_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "fetch/deletion.hpp"
#include "fetch/quarantine.hpp"
#include "report/colour.hpp"
#include "report/json.hpp"
#include "report/json_line.hpp"
#include "report/output.hpp"
#include "report/text_layout.hpp"

namespace popkeep::report {
namespace {

using cmd::Standing;

void print_refusal(const ledger::Refusal& refusal) {
    if (refusal.count == 0)
        return out("suspected", fmt::format("UID {}: came when a session broke; it is tried last: {}",
                                            printable(refusal.uid, 80), printable(refusal.said, 200)));
    const auto until = fetch::quarantined_until(refusal);
    std::string text = fmt::format("UID {}: failed {} since {}: {}", printable(refusal.uid, 80),
                                   counted(static_cast<std::uint64_t>(refusal.count), "time", "times"),
                                   local_time(refusal.first_at), printable(refusal.said, 200));
    text +=
        until ? fmt::format("; asked for again after {}", local_time(*until)) : "; the next run asks again";
    out(until ? "quarantined" : "refused", text);
}

void print_next_run(const Standing& standing) {
    if (standing.policy.empty()) return;
    if (standing.next.left_alone > 0)
        out("left alone",
            fmt::format("up to {} that the server keeps although it was asked {} times to delete {}",
                        counted_messages(standing.next.left_alone), fetch::most_attempts,
                        standing.next.left_alone == 1 ? "it" : "each"));
    if (standing.policy == "never" || standing.next.messages == 0)
        return out("next run", fmt::format("deletes nothing on the server ({})", standing.policy));
    std::string text = fmt::format("deletes up to {} on the server ({})",
                                   counted_messages(standing.next.messages), standing.policy);
    if (standing.next.braked)
        text = fmt::format("would delete up to {} ({}), more than max_delete allows: it will stop",
                           counted_messages(standing.next.messages), standing.policy);
    out("next run", text);
}

void print_what_is_known(const Standing& standing, std::int64_t time) {
    out("last success", standing.last_success ? fmt::format("{}, {}", local_time(*standing.last_success),
                                                            cmd::ago(standing.last_success, time))
                                              : "never");
    if (standing.last_exit.value_or(0) != 0) {
        out("last attempt",
            fmt::format("{}: {}", cmd::ago(standing.last_attempt, time),
                        standing.last_error.empty() ? fmt::format("exit code {}", *standing.last_exit)
                                                    : printable(standing.last_error, 2000)));
    }
    out("archived", fmt::format("{}, {}", counted_messages(standing.archived), human_size(standing.bytes)));
    if (standing.listing) {
        out("on the server",
            fmt::format("{}, {}, as listed {}", counted_messages(standing.listing->count),
                        human_size(standing.listing->octets), cmd::ago(standing.listing->taken_at, time)));
    }
    if (standing.missing > 0)
        out("missing", fmt::format("{}; `popkeep verify` shows more", counted_messages(standing.missing)));
    for (const ledger::Refusal& refusal : standing.refusals) print_refusal(refusal);
    print_next_run(standing);
}

}  // namespace

void print_standing(const Standing& standing, std::int64_t time) {
    out(painted(Colour::bold,
                standing.account.empty() ? "no account has been fetched yet" : printable(standing.account)) +
        "\n");
    out("archive", printable(standing.archive, 4096));
    if (standing.problem) {
        out("problem", fmt::format("{}{}{}", standing.problem->sentence(),
                                   standing.problem->next().empty() ? "" : "; ", standing.problem->next()));
        return;
    }
    if (standing.unclaimed > 0) {
        out("unclaimed", counted(standing.unclaimed, "message that no account", "messages that no account") +
                             " was found to have");
    }
    if (!standing.unknown_mboxes.empty()) {
        out("unknown",
            fmt::format("{}: `popkeep repair` enters {}",
                        printable(fmt::format("{}", fmt::join(standing.unknown_mboxes, ", ")), 200),
                        standing.unknown_mboxes.size() == 1 ? "this mbox" : "these mboxes"));
    }
    if (!standing.ever_tried) return out("last success", "never; no run has tried");
    print_what_is_known(standing, time);
}

void print_standing_json(const Standing& standing, bool stale) {
    if (standing.problem) print_json_error(*standing.problem, standing.account);
    JsonLine status("status");
    const auto quarantined = std::ranges::count_if(
        standing.refusals, [](const auto& refusal) { return fetch::quarantined_until(refusal).has_value(); });
    status.add("account", standing.account)
        .add("archive", standing.archive)
        .add_time("last_success", standing.last_success)
        .add_time("last_attempt", standing.last_attempt)
        .add("last_exit", standing.last_exit)
        .add("last_error", standing.last_error)
        .add("archived", standing.archived)
        .add("bytes", standing.bytes)
        .add("missing", standing.missing)
        .add("unclaimed", standing.unclaimed)
        .add("unknown_mboxes", standing.unknown_mboxes)
        .add("refused", static_cast<std::uint64_t>(standing.refusals.size()))
        .add("quarantined", static_cast<std::uint64_t>(quarantined))
        .add("stale", stale);
    if (!standing.policy.empty()) {
        status.add("delete", standing.policy)
            .add("next_delete", standing.next.messages)
            .add("next_braked", standing.next.braked)
            .add("left_alone", standing.next.left_alone);
    }
    if (standing.listing) {
        status.add("listed", standing.listing->count)
            .add("listed_octets", standing.listing->octets)
            .add_time("listed_at", standing.listing->taken_at);
    }
    status.print();
    for (const ledger::Refusal& refusal : standing.refusals) {
        JsonLine("refusal")
            .add("account", standing.account)
            .add("uid", refusal.uid)
            .add("said", printable(refusal.said))
            .add("failures", refusal.count)
            .add_time("since", refusal.first_at)
            .add_time("quarantined_until", fetch::quarantined_until(refusal))
            .print();
    }
}

}  // namespace popkeep::report
