#include "fetch/left_behind.hpp"

#include <algorithm>
#include <string>
#include <unordered_set>

namespace popkeep::fetch {

void note_left_behind(ledger::Ledger& ledger, ledger::Id account, const Items& items,
                      const std::vector<Item*>& leaving, ledger::Id since) {
    const auto octets = [](const Item* item) { return item->listed->octets; };
    std::unordered_set<std::uint64_t> lengths;
    for (const Item* item : leaving) lengths.insert(octets(item).value_or(0));
    const bool unsized = std::ranges::any_of(leaving, [&](const Item* item) { return !octets(item); });
    const auto before = ledger.left_behind.of(account);
    ledger::LeftBehind::ByUid left;
    for (const Item& item : items) {
        if (item.fate == Fate::known || item.fate == Fate::removed) continue;
        const pop3::Listed& listed = *item.listed;
        const bool numbered = !item.uid_tells && listed.uid == std::to_string(listed.number);
        const std::string name = numbered ? std::string() : listed.uid;
        const auto earlier = before.find(name);
        const bool as_long = unsized || !listed.octets || lengths.contains(*listed.octets);
        if (!as_long && earlier == before.end()) continue;
        auto& which = left[name];
        ++which.count;
        which.since = earlier == before.end() ? since : earlier->second.since;
    }
    ledger.left_behind.set(account, left);
}

std::unordered_map<std::uint32_t, ledger::Id> left_behind(ledger::Ledger& ledger, ledger::Id account,
                                                          const std::vector<pop3::Listed>& listed,
                                                          bool numbered) {
    const auto left = ledger.left_behind.of(account);
    std::unordered_map<std::uint32_t, ledger::Id> numbers;
    if (left.empty()) return numbers;
    const auto name = [&](const pop3::Listed& message) { return numbered ? std::string() : message.uid; };
    std::unordered_map<std::string, std::uint64_t> now;
    for (const pop3::Listed& message : listed) ++now[name(message)];
    for (const pop3::Listed& message : listed) {
        const auto before = left.find(name(message));
        if (before != left.end() && now[name(message)] <= before->second.count)
            numbers.emplace(message.number, before->second.since);
    }
    return numbers;
}

}  // namespace popkeep::fetch
