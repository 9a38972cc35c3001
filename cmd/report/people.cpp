#include "report/people.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "report/colour.hpp"
#include "report/output.hpp"
#include "report/summary_text.hpp"
#include "report/text_layout.hpp"

namespace popkeep::report {
namespace {

void show_messages(const char* title, const std::vector<pop3::Listed>& messages) {
    if (messages.empty()) return;
    out(fmt::format("  {} {}:\n", counted_messages(messages.size()), title));
    for (const auto& message : messages) {
        out(fmt::format("  {:>7}  {:>10}  {}\n", message.number,
                        message.octets ? human_size(*message.octets) : "?", printable(message.uid)));
    }
}

}  // namespace

// The conversation scrolls; a line that redraws itself among it would only flicker.
People::People(Subject subject, const Manner& manner)
    : Report(std::move(subject)), loud_(manner.loud()), several_(this->subject().several) {
    line_.emplace(!manner.quiet && !manner.verbose);
}

void People::begin() {
    line_->state(subject().account, "connecting");
}

void People::say(const std::string& sentence) const {
    const std::string name = printable(subject().account);
    out(painted_lead(Colour::bold, name,
                     wrapped(fmt::format("{}: {}", name, sentence), terminal_width(), 2, 0)));
}

void People::planned(const fetch::Plan& plan) {
    wanted_ = plan.wanted;
    wanted_octets_ = plan.unsized == 0 ? plan.wanted_octets : 0;
    // A dry run was asked for its plan; a terminal isn't needed to want it.
    if (subject().dry_run) {
        say(plan_text(plan, true));
        show_messages("would be fetched", plan.fetch);
        show_messages("would be deleted on the server", plan.remove);
    } else if (loud_ && !several_ && plan.wanted > 0) {
        say(plan_text(plan, false));
    }
    if (wanted_ == 0) line_->state(subject().account, "nothing new");
}

void People::progress(std::uint64_t messages, std::uint64_t octets) {
    if (wanted_ > 0) line_->messages(subject().account, messages, wanted_, octets, wanted_octets_);
}

void People::trouble(const fetch::Trouble& trouble) {
    if (loud_ || trouble.tell) tell(Level::warning, subject().account, sentence_of(trouble));
}

void People::round(const fetch::Round& round) {
    const bool shorter = round.listed < most_listed_;
    most_listed_ = std::max(most_listed_, round.listed);
    if (loud_) say(round_text(round, shorter));
}

void People::waiting(std::chrono::seconds left) {
    const std::string time = human_duration(static_cast<double>(left.count()));
    line_->state(subject().account, "next session in " + time);
}

void People::note(std::string_view sentence) {
    if (loud_) say(printable(sentence));
}

void People::warning(std::string_view sentence) {
    tell(Level::warning, subject().account, printable(sentence, 4096));
}

void People::finish(const fetch::Summary& summary) {
    line_.reset();
    if (loud_ && !several_ && !subject().dry_run) {
        say(summary_text(summary, subject().archive));
    }
    if (!several_ || !was_stopped(summary)) complain_about(summary, loud_);
}

}  // namespace popkeep::report
