#include "report/overview.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "report/colour.hpp"
#include "report/json_line.hpp"
#include "report/output.hpp"
#include "report/progress_block.hpp"
#include "report/summary_text.hpp"
#include "report/text_layout.hpp"

namespace popkeep::report {
namespace {

void add_up(fetch::Summary& sum, const fetch::Summary& summary) {
    for (auto member : {&fetch::Summary::listed, &fetch::Summary::fresh, &fetch::Summary::archived,
                        &fetch::Summary::claimed, &fetch::Summary::refused, &fetch::Summary::left,
                        &fetch::Summary::deleted, &fetch::Summary::unconfirmed, &fetch::Summary::bytes})
        sum.*member += summary.*member;
    if (summary.oldest) sum.oldest = std::min(sum.oldest.value_or(*summary.oldest), *summary.oldest);
    if (summary.newest) sum.newest = std::max(sum.newest.value_or(*summary.newest), *summary.newest);
}

bool uneventful(const fetch::Summary& summary) {
    return !summary.error && summary.archived + summary.claimed + summary.deleted + summary.left == 0;
}

}  // namespace

Overview::Overview(std::size_t accounts, const Manner& manner) : accounts_(accounts), manner_(manner) {
    if (manner.json || manner.quiet || manner.verbose || !ProgressBlock::possible()) return;
    ProgressBlock::screen().set_last([this](std::size_t width) { return fitted(progress(), width); });
}

Overview::~Overview() {
    ProgressBlock::screen().set_last(nullptr);
}

std::string Overview::progress() const {
    std::string text = fmt::format("{} of {} accounts done", outcomes_.size(), accounts_);
    if (failed_ > 0) text += fmt::format(", {} failed", failed_);
    return text + fmt::format(", {} archived", counted_messages(sum_.archived));
}

void Overview::add(const Subject& subject, const fetch::Summary& summary) {
    if (was_stopped(summary)) {
        ++stopped_;
    } else if (summary.error) {
        ++failed_;
    }
    add_up(sum_, summary);
    outcomes_.push_back({subject, summary});
}

void Overview::print(int exit) const {
    ProgressBlock::screen().wipe();
    if (manner_.json) return print_json(exit);
    if (manner_.loud()) print_text();
    if (stopped_ + (accounts_ - begun_) == 0) return;
    const std::string failed = failed_ > 0 ? fmt::format(", {} failed", failed_) : "";
    tell(Level::error, "",
         fmt::format(
             "stopped on request: {} done{}, {} stopped, {} not begun; run the same command again to go on",
             counted(done(), "account", "accounts"), failed, stopped_, accounts_ - begun_));
}

std::string Overview::headline() const {
    std::string text = sum_.archived > 0 ? what_came(sum_) : "nothing new";
    text += fmt::format("; {} in {}", counted(outcomes_.size(), "account", "accounts"),
                        human_duration(seconds()));
    if (sum_.deleted > 0) text += fmt::format("; {} deleted on the server", counted_messages(sum_.deleted));
    return text;
}

void Overview::print_text() const {
    out(painted_lead(Colour::bold, "All accounts",
                     wrapped("All accounts: " + headline(), terminal_width(), 2, 0)));
    std::size_t quiet = 0;
    for (const Outcome& outcome : outcomes_) {
        if (uneventful(outcome.summary)) {
            ++quiet;
        } else if (!outcome.subject.dry_run) {
            print_outcome(outcome);
        }
    }
    if (quiet > 0 && quiet < outcomes_.size())
        out(fmt::format("  nothing new: {}\n", counted(quiet, "account", "accounts")));
}

void Overview::print_outcome(const Outcome& outcome) const {
    const std::string name = printable(outcome.subject.account);
    std::string text;
    if (const auto& error = outcome.summary.error; error && !was_stopped(outcome.summary))
        text = fmt::format("failed ({}): {}\n", error->exit_code(), error->sentence());
    if (was_stopped(outcome.summary)) text = "stopped\n";
    if (!outcome.summary.error || outcome.summary.archived + outcome.summary.deleted > 0) {
        for (const std::string& sentence : sentences_of(outcome.summary, outcome.subject.archive))
            text += sentence + "\n";
    }
    text.pop_back();
    out(wrapped(fmt::format("  {}: {}", name, text), terminal_width(), 4, 0));
}

void Overview::print_json(int exit) const {
    JsonLine("total")
        .add("accounts", static_cast<std::uint64_t>(accounts_))
        .add("done", static_cast<std::uint64_t>(done()))
        .add("failed", static_cast<std::uint64_t>(failed_))
        .add("stopped", static_cast<std::uint64_t>(stopped_))
        .add("not_begun", static_cast<std::uint64_t>(accounts_ - begun_))
        .add("archived", sum_.archived)
        .add("deleted", sum_.deleted)
        .add("bytes", sum_.bytes)
        .add("seconds", seconds())
        .add("exit", exit)
        .print();
}

}  // namespace popkeep::report
