#include "report/summary_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/clock.hpp"
#include "base/text.hpp"

namespace popkeep::report {
namespace {

/// Two digits that mean something.
std::uint64_t roughly(double number) {
    std::uint64_t unit = 1;
    while (number / static_cast<double>(unit) >= 100) unit *= 10;
    return static_cast<std::uint64_t>(number / static_cast<double>(unit)) * unit;
}

std::string list_of(const std::vector<std::string>& files) {
    constexpr std::size_t most = 3;
    std::string text;
    for (std::size_t i = 0; i < files.size() && i < most; ++i) {
        text += fmt::format("{}{}", i == 0 ? "" : ", ", printable(files[i], 4096));
    }
    if (files.size() > most) text += fmt::format(" and {} more", files.size() - most);
    return text;
}

// Of a message; its hour is of no interest in a summary.
std::string day(std::int64_t seconds) {
    return local_time(seconds).substr(0, 10);
}

}  // namespace

std::string plan_text(const fetch::Plan& plan, bool dry_run) {
    std::string text;
    if (plan.wanted == 0) {
        text = fmt::format("nothing to fetch; {} listed", counted_messages(plan.listed));
    } else {
        text = fmt::format("{} ({}{}) to fetch, of {}", counted_messages(plan.wanted),
                           plan.unsized > 0 ? "at least " : "", human_size(plan.wanted_octets),
                           counted(plan.listed, "listed", "listed"));
    }
    if (plan.undecided > 0) {
        text += fmt::format("; {} of them may turn out to be archived already", plan.undecided);
    }
    if (plan.claimed > 0) text += fmt::format("; {} found in the archive without downloading", plan.claimed);
    if (plan.held_back > 0) text += fmt::format("; {} held back", plan.held_back);
    if (dry_run && plan.remove.empty()) text += "; nothing to delete";
    return text;
}

std::string round_text(const fetch::Round& round, bool shorter) {
    auto text = fmt::format("session {}: {} ({})", round.number, counted_messages(round.messages),
                            human_size(round.bytes));
    if (round.number > 1)
        text += fmt::format(", {} so far ({})", counted_messages(round.all_messages),
                            human_size(round.all_bytes));
    const auto wait = static_cast<double>(round.wait.count());
    const double each = (round.seconds + wait) / static_cast<double>(round.number);
    if (round.to_come) {
        const auto per_session = std::max<std::uint64_t>(round.all_messages / round.number, 1);
        const auto left = (*round.to_come + per_session - 1) / per_session;
        text += fmt::format("; at most {} to come, about {}{}", counted_messages(*round.to_come),
                            counted(left, "session", "sessions"),
                            static_cast<double>(left) * each < 2
                                ? ""
                                : " in " + human_duration(static_cast<double>(left) * each));
    } else if (shorter) {
        text += "; the listing gets shorter, so the end is near";
    }
    if (round.wait.count() > 0) {
        const double hourly =
            static_cast<double>(round.all_messages) / static_cast<double>(round.number) * 3600 / each;
        text += fmt::format("; some {} an hour; next session in {}", counted_messages(roughly(hourly)),
                            human_duration(wait));
    }
    return text;
}

std::string what_came(const fetch::Summary& summary) {
    std::string text =
        fmt::format("{} archived ({})", counted_messages(summary.archived), human_size(summary.bytes));
    if (summary.oldest && summary.newest) {
        const std::string from = day(*summary.oldest);
        const std::string to = day(*summary.newest);
        text +=
            from == to ? fmt::format(", received {}", to) : fmt::format(", received from {} to {}", from, to);
    }
    return text;
}

std::vector<std::string> sentences_of(const fetch::Summary& summary, const std::string& archive) {
    std::vector<std::string> all;
    const std::string time = human_duration(summary.seconds);
    if (summary.archived > 0) {
        all.push_back(fmt::format("{}, in {}", what_came(summary), time));
        all.push_back("mbox: " + list_of(summary.files));
    } else if (summary.error && (summary.listed == 0 || summary.fresh > 0)) {
        all.push_back(summary.fresh > 0
                          ? fmt::format("none of {} fetched ({})",
                                        counted(summary.fresh, "new message", "new messages"), time)
                          : fmt::format("nothing fetched ({})", time));
    } else {
        all.push_back(
            fmt::format("nothing new among {} listed ({})", counted_messages(summary.listed), time));
        all.push_back("archive: " + printable(archive, 4096));
    }
    const auto add = [&](std::uint64_t count, std::string_view what) {
        if (count > 0) all.push_back(fmt::format("{} {}", counted_messages(count), what));
    };
    add(summary.claimed, "in the archive already, now known by UID");
    add(summary.refused, "not given out by the server");
    if (summary.sessions > 1) all.push_back(fmt::format("in {} sessions", summary.sessions));
    add(summary.left, "left for the next run");
    add(summary.deleted, "deleted on the server");
    add(summary.unconfirmed, "to be deleted, but the server didn't confirm it: the next run looks");
    if (summary.unlisted > 0) {
        all.push_back(fmt::format(
            "at least {} of these the server does not list any more, though nothing here deleted them",
            summary.unlisted));
    }
    return all;
}

std::string summary_text(const fetch::Summary& summary, const std::string& archive) {
    return fmt::format("{}", fmt::join(sentences_of(summary, archive), "\n"));
}

}  // namespace popkeep::report
