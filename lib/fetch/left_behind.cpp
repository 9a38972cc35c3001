#include "fetch/left_behind.hpp"

#include <algorithm>
#include <string>

namespace popkeep::fetch {

void note_left_behind(ledger::Ledger& ledger, ledger::Id account, const Items& items,
                      const std::vector<Item*>& leaving) {
    const auto octets = [](const Item* item) { return item->listed->octets; };
    std::unordered_set<std::uint64_t> lengths;
    for (const Item* item : leaving) lengths.insert(octets(item).value_or(0));
    const bool unsized = std::ranges::any_of(leaving, [&](const Item* item) { return !octets(item); });
    const auto before = ledger.left_behind.of(account);
    ledger::LeftBehind::Counts counts;
    for (const Item& item : items) {
        if (item.fate == Fate::known || item.fate == Fate::removed) continue;
        const pop3::Listed& listed = *item.listed;
        const bool numbered = !item.uid_tells && listed.uid == std::to_string(listed.number);
        const std::string name = numbered ? std::string() : listed.uid;
        const bool as_long = unsized || !listed.octets || lengths.contains(*listed.octets);
        if (as_long || before.contains(name)) ++counts[name];
    }
    ledger.left_behind.set(account, counts);
}

std::unordered_set<std::uint32_t> left_behind(ledger::Ledger& ledger, ledger::Id account,
                                              const std::vector<pop3::Listed>& listed, bool numbered) {
    const auto left = ledger.left_behind.of(account);
    std::unordered_set<std::uint32_t> numbers;
    if (left.empty()) return numbers;
    const auto name = [&](const pop3::Listed& message) { return numbered ? std::string() : message.uid; };
    ledger::LeftBehind::Counts now;
    for (const pop3::Listed& message : listed) ++now[name(message)];
    for (const pop3::Listed& message : listed) {
        const auto before = left.find(name(message));
        if (before != left.end() && now[name(message)] <= before->second) numbers.insert(message.number);
    }
    return numbers;
}

}  // namespace popkeep::fetch
