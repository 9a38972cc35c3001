#include "fetch/troubles.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/clock.hpp"
#include "fetch/quarantine.hpp"

namespace popkeep::fetch {
namespace {

// Without a UID the size is the best name that lasts longer than a session.
std::string name_of(const pop3::Listed& message) {
    if (!message.uid.empty()) return message.uid;
    return message.octets ? fmt::format("no UID, {} octets", *message.octets) : "no UID";
}

bool is_quarantined(const ledger::Refusal& refusal) {
    return quarantined_until(refusal).has_value();
}

}  // namespace

Troubles::Troubles(archive::Archive& archive, ledger::Id account, Observer& observer, bool remembers)
    : archive_(archive), account_(account), observer_(observer), remembers_(remembers) {
    for (ledger::Refusal& refusal : archive_.ledger().refusals.all(account)) {
        if (refusal.broke_session) suspects_.insert(refusal.uid);
        known_.emplace(refusal.uid, refusal);
    }
}

// Of those with the same name one must not stand for all: each is told by its place among them.
std::string Troubles::key_of(const pop3::Listed& message) const {
    const auto place = places_.find(message.number);
    return place == places_.end() ? name_of(message) : fmt::format("{} #{}", name_of(message), place->second);
}

void Troubles::begin_session(Items& items) {
    places_.clear();
    std::unordered_map<std::string, std::uint32_t> count;
    for (const Item& item : items) {
        if (item.uid_tells) continue;
        const std::uint32_t place = ++count[name_of(*item.listed)];
        if (place > 1) places_[item.listed->number] = place;
    }
    listed_.clear();
    if (known_.empty()) return;
    for (Item& item : items) {
        const auto refusal = item.wanted() ? known_.find(key_of(*item.listed)) : known_.end();
        if (refusal == known_.end()) continue;
        listed_.insert(refusal->first);
        const auto until = quarantined_until(refusal->second);
        // Before the failure itself: the clock was ahead then.
        if (!until || now() >= *until || now() < refusal->second.last_at) continue;
        item.fate = Fate::put_off;
        failed_.insert(refusal->first);
        tell(*item.listed, refusal->second);
    }
}

void Troubles::forget_settled(const Items& items) {
    if (known_.empty() || items.empty()) return;
    std::unordered_set<std::string> unsettled;
    for (const Item& item : items) {
        const std::string key = key_of(*item.listed);
        if (item.fate == Fate::known) {
            failed_.erase(key);
        } else {
            unsettled.insert(key);
        }
    }
    ledger::Transaction transaction = archive_.ledger().transaction();
    std::erase_if(known_, [&](const auto& entry) {
        const bool settled = !unsettled.contains(entry.first);
        if (settled) archive_.ledger().refusals.remove(account_, entry.first);
        return settled;
    });
    transaction.commit();
}

ledger::Refusal& Troubles::noted(const pop3::Listed& message, std::string_view said, bool broke) {
    const std::string key = key_of(message);
    ledger::Refusal& refusal = known_[key];
    refusal.account = account_;
    refusal.uid = key;
    refusal.list_size = message.octets;
    refusal.broke_session = broke;
    refusal.said = std::string(said.substr(0, 512));
    refusal.last_at = now();
    return refusal;
}

void Troubles::failed(const pop3::Listed& message, std::string_view said, bool broke) {
    ledger::Refusal& refusal = noted(message, said, broke);
    // The rounds of a drain are one run.
    if (!failed_.insert(refusal.uid).second) return;
    ++refusal.count;
    enter(refusal);
    tell(message, refusal);
}

void Troubles::suspect(const pop3::Listed& message, std::string_view what) {
    suspects_.insert(key_of(message));
    if (remembers_) enter(noted(message, what, true));
}

void Troubles::leave_alone(const pop3::Listed& message) {
    suspects_.insert(key_of(message));
}

bool Troubles::is_suspect(const pop3::Listed& message) const {
    return !suspects_.empty() && suspects_.contains(key_of(message));
}

bool Troubles::has_failed(const pop3::Listed& message) const {
    return failed_.contains(key_of(message));
}

bool Troubles::any_quarantined() const {
    return std::ranges::any_of(failed_, [&](const std::string& key) {
        const auto refusal = known_.find(key);
        return refusal != known_.end() && is_quarantined(refusal->second);
    });
}

bool Troubles::is_untried(const std::string& key) const {
    const auto refusal = known_.find(key);
    return refusal != known_.end() && refusal->second.broke_session && !failed_.contains(key);
}

bool Troubles::any_untried() const {
    return std::ranges::any_of(known_, [&](const auto& entry) { return is_untried(entry.first); });
}

bool Troubles::any_put_off() const {
    return std::ranges::any_of(listed_, [&](const std::string& key) { return is_untried(key); });
}

void Troubles::enter(const ledger::Refusal& refusal) {
    ledger::Transaction transaction = archive_.ledger().transaction();
    archive_.ledger().refusals.put(refusal);
    transaction.commit();
}

void Troubles::tell(const pop3::Listed& message, const ledger::Refusal& refusal) {
    const std::int64_t time = now();
    const bool due =
        !refusal.told_at || time - *refusal.told_at >= seconds_per_day || time < *refusal.told_at;
    observer_.trouble({.uid = message.uid,
                       .number = message.number,
                       .said = refusal.said,
                       .failures = static_cast<std::uint64_t>(refusal.count),
                       .quarantined = is_quarantined(refusal),
                       .tell = due});
    if (!due || !remembers_) return;
    told_ = true;
    known_[refusal.uid].told_at = time;
    ledger::Transaction transaction = archive_.ledger().transaction();
    archive_.ledger().refusals.told(account_, refusal.uid, time);
    transaction.commit();
}

}  // namespace popkeep::fetch
