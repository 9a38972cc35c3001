#include "jobs/receiver.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "base/error.hpp"

namespace popkeep::jobs {
namespace {

pop3::Listed read_listed(Fields& fields) {
    pop3::Listed message;
    message.number = static_cast<std::uint32_t>(fields.number());
    message.uid = fields.text();
    const bool sized = fields.number() != 0;
    const std::uint64_t octets = fields.number();
    if (sized) message.octets = octets;
    return message;
}

fetch::Plan read_plan(Fields& fields) {
    fetch::Plan plan;
    for (std::uint64_t* number : {&plan.listed, &plan.listed_octets, &plan.wanted, &plan.wanted_octets,
                                  &plan.unsized, &plan.undecided, &plan.claimed, &plan.held_back})
        *number = fields.number();
    return plan;
}

fetch::Trouble read_trouble(Fields& fields) {
    fetch::Trouble trouble;
    trouble.uid = fields.text();
    trouble.number = static_cast<std::uint32_t>(fields.number());
    trouble.said = fields.text();
    trouble.failures = fields.number();
    trouble.quarantined = fields.number() != 0;
    trouble.tell = fields.number() != 0;
    return trouble;
}

fetch::Round read_round(Fields& fields) {
    fetch::Round round;
    for (std::uint64_t* number :
         {&round.number, &round.messages, &round.bytes, &round.all_messages, &round.all_bytes, &round.listed})
        *number = fields.number();
    // What people are told is divided by it.
    round.number = std::max<std::uint64_t>(round.number, 1);
    round.seconds = std::bit_cast<double>(fields.number());
    round.wait = std::chrono::seconds(fields.number());
    const bool known = fields.number() != 0;
    const std::uint64_t to_come = fields.number();
    if (known) round.to_come = to_come;
    return round;
}

std::optional<std::int64_t> read_time(Fields& fields) {
    const bool known = fields.number() != 0;
    const auto seconds = static_cast<std::int64_t>(fields.number());
    return known ? std::optional(seconds) : std::nullopt;
}

std::optional<Error> read_error(Fields& fields) {
    static constexpr std::array categories{
        Category::usage,       Category::data,          Category::no_host,
        Category::unavailable, Category::software,      Category::cannot_create,
        Category::io,          Category::temporary,     Category::protocol,
        Category::permission,  Category::configuration, Category::interrupted,
        Category::terminated};
    const std::uint64_t code = fields.number();
    if (code == 0) return std::nullopt;
    const auto* const category =
        std::ranges::find(categories, code, [](Category c) { return static_cast<std::uint64_t>(c); });
    Error error(category == categories.end() ? Category::software : *category, fields.text());
    // The process has cut them; what it escaped takes more room.
    constexpr std::size_t whole = std::string_view::npos;
    error.at(fields.text(), whole);
    error.said(fields.text(), whole);
    error.next(fields.text());
    return error;
}

fetch::Summary read_summary(Fields& fields) {
    fetch::Summary summary;
    for (std::uint64_t* number :
         {&summary.listed, &summary.fresh, &summary.archived, &summary.claimed, &summary.refused,
          &summary.left, &summary.deleted, &summary.unconfirmed, &summary.bytes, &summary.fetched,
          &summary.octets, &summary.lacking_octets, &summary.sessions, &summary.unlisted})
        *number = fields.number();
    summary.seconds = std::bit_cast<double>(fields.number());
    summary.braked = fields.number() != 0;
    summary.silent = fields.number() != 0;
    summary.oldest = read_time(fields);
    summary.newest = read_time(fields);
    summary.certificate_expires = read_time(fields);
    summary.error = read_error(fields);
    while (fields.number() != 0) summary.files.push_back(fields.text());
    return summary;
}

}  // namespace

void Receiver::feed(std::string_view bytes) {
    buffer_.feed(bytes);
    while (const auto frame = buffer_.next()) {
        Fields fields(*frame);
        hear(fields);
        fields.end();
    }
}

void Receiver::hear(Fields& fields) {
    switch (fields.event()) {
        case Event::wants_terminal:
            wants_terminal_ = true;
            break;
        case Event::leaves_terminal:
            wants_terminal_ = false;
            left_terminal_ = true;
            break;
        case Event::would_fetch:
            plan_.fetch.push_back(read_listed(fields));
            break;
        case Event::would_delete:
            plan_.remove.push_back(read_listed(fields));
            break;
        case Event::planned: {
            fetch::Plan whole = read_plan(fields);
            whole.fetch = std::exchange(plan_.fetch, {});
            whole.remove = std::exchange(plan_.remove, {});
            observer_.planned(whole);
            break;
        }
        case Event::progress: {
            const std::uint64_t messages = fields.number();
            observer_.progress(messages, fields.number());
            break;
        }
        case Event::trouble:
            observer_.trouble(read_trouble(fields));
            break;
        case Event::round:
            observer_.round(read_round(fields));
            break;
        case Event::waiting:
            observer_.waiting(std::chrono::seconds(fields.number()));
            break;
        case Event::note:
            observer_.note(fields.text());
            break;
        case Event::warning:
            observer_.warning(fields.text());
            break;
        case Event::conversation: {
            const bool sent = fields.number() != 0;
            observer_.conversation(sent ? pop3::Direction::sent : pop3::Direction::received, fields.text());
            break;
        }
        case Event::finished:
            summary_ = read_summary(fields);
            break;
    }
}

}  // namespace popkeep::jobs
