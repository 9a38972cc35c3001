#include "archive/match.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace popkeep::archive {

void Matcher::add_row(const ledger::Message& row) {
    candidates_.push_back({.digest = row.content,
                           .missing = row.state == ledger::State::missing,
                           .id = row.id,
                           .used = false,
                           .stripped = row.stripped});
}

void Matcher::add_found(mbox::Found found) {
    found.postmark.clear();
    found.postmark.shrink_to_fit();
    found_.push_back(std::move(found));
}

std::optional<ledger::Id> Matcher::take(const Digest& digest) {
    auto [first, last] = std::ranges::equal_range(candidates_, digest, {}, &Candidate::digest);
    const auto free = std::find_if(first, last, [](const Candidate& c) { return !c.used; });
    if (free == last) return std::nullopt;
    free->used = true;
    return free->id;
}

void Matcher::settle() {
    const auto in_order = [](const Candidate& c) { return std::tuple(c.digest, c.missing, c.id); };
    std::ranges::sort(candidates_, {}, in_order);
    for (mbox::Found& found : found_) {
        if (const auto id = take(found.facts.content)) {
            matches_.push_back({.id = *id, .start = found.start, .length = found.length, .edited = false});
        } else {
            unmatched_found_.push_back(std::move(found));
        }
    }
    found_.clear();
    std::erase_if(candidates_, [](const Candidate& c) { return c.used; });
    for (Candidate& candidate : candidates_) candidate.digest = candidate.stripped.value_or(candidate.digest);
    std::ranges::sort(candidates_, {}, in_order);
    std::erase_if(unmatched_found_, [&](const mbox::Found& found) {
        const auto id = take(found.facts.stripped.value_or(found.facts.content));
        if (id) matches_.push_back({.id = *id, .start = found.start, .length = found.length, .edited = true});
        return id.has_value();
    });
    for (const Candidate& candidate : candidates_) {
        if (!candidate.used) unmatched_rows_.push_back(candidate.id);
    }
}

void Matcher::tie(const Match& match) {
    std::erase(unmatched_rows_, match.id);
    std::erase_if(unmatched_found_, [&](const mbox::Found& found) { return found.start == match.start; });
    matches_.push_back(match);
}

}  // namespace popkeep::archive
