#include "fetch/identify.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "archive/standing.hpp"
#include "base/digest.hpp"
#include "fetch/headers.hpp"
#include "fetch/left_behind.hpp"
#include "fetch/octets.hpp"

namespace popkeep::fetch {
namespace {

// Servers without real UIDs give the message's number instead.
bool are_numbers(const std::vector<pop3::Listed>& messages) {
    const auto has_uid = [](const auto& m) { return !m.uid.empty(); };
    const auto is_number = [](const auto& m) { return m.uid.empty() || m.uid == std::to_string(m.number); };
    return std::ranges::any_of(messages, has_uid) && std::ranges::all_of(messages, is_number);
}

std::unordered_map<std::string_view, std::uint32_t> occurrences(const std::vector<pop3::Listed>& messages) {
    std::unordered_map<std::string_view, std::uint32_t> count;
    count.reserve(messages.size());
    for (const pop3::Listed& message : messages) ++count[message.uid];
    return count;
}

// Messages without a header all look alike: only their content can tell.
bool tells(const Digest& header) {
    static const Digest nothing = sha256("");
    return header != nothing;
}

// LIST counts octets on the wire; some servers count what lies on their disk, and each repeats its own error.
bool size_agrees(const ledger::Message& row, const pop3::Listed& listed) {
    if (!listed.octets) return row.uid == listed.uid && !listed.uid.empty();
    return listed.octets == row.list_size || as_listed(listed.octets, row.size + row.lines - row.bare_lf) ||
           *listed.octets == row.size;
}

}  // namespace

Identifier::Identifier(archive::Archive& archive, ledger::Id account)
    : archive_(archive),
      account_(account),
      has_candidates_(archive.ledger().messages.any_archived(account) ||
                      archive.ledger().messages.any_unclaimed()) {}

void Identifier::look_for_unclaimed() {
    has_candidates_ = has_candidates_ || archive_.ledger().messages.any_unclaimed();
}

void Identifier::by_uid(const pop3::Listing& listing, Items& items) {
    const auto count = occurrences(listing.messages());
    const bool numbers = are_numbers(listing.messages());
    trusted_ = listing.has_uids && !numbers;
    left_behind_ = left_behind(archive_.ledger(), account_, listing.messages(), numbers);
    items.clear();
    items.reserve(listing.messages().size());
    std::size_t unknown = 0;
    const ledger::Snapshot snapshot = archive_.ledger().snapshot();
    for (const pop3::Listed& listed : listing.messages()) {
        Item& item = items.emplace_back();
        item.listed = &listed;
        if (numbers || listed.uid.empty() || count.at(listed.uid) > 1) {
            item.fate = Fate::doubtful;
            item.uid_tells = false;
            trusted_ = false;
            continue;
        }
        match(item);
        unknown += item.fate == Fate::fresh && !item.replaces ? 1U : 0U;
    }
    const bool suddenly_new = unknown > 0 && 2 * unknown >= items.size() && has_candidates_;
    if (!suddenly_new) return;
    for (Item& item : items) {
        if (item.fate == Fate::fresh && !item.replaces) item.fate = Fate::doubtful;
    }
}

// What was asked to go is not what stood beside it and stayed.
bool Identifier::may_be(const ledger::Message& row, const pop3::Listed& listed) {
    const auto left = left_behind_.find(listed.number);
    return left == left_behind_.end() || !archive_.ledger().deletions.asked_since(row.id, left->second);
}

void Identifier::match(Item& item) {
    ledger::Ledger& ledger = archive_.ledger();
    for (const ledger::Message& row : ledger.messages.by_uid(account_, item.listed->uid)) {
        if (!may_be(row, *item.listed)) continue;
        const bool same_size = !row.list_size || !item.listed->octets || row.list_size == item.listed->octets;
        if (row.state == ledger::State::missing) {
            // Ordered behind the archived ones: nothing else has this UID.
            if (item.fate == Fate::doubtful) return;
            if (row.refetch) {
                item.replaces = row.id;
            } else {
                item.fate = same_size ? Fate::removed : Fate::doubtful;
                item.row = row.id;
            }
            return;
        }
        if (same_size && !ledger.deletions.confirmed(row.id)) {
            item.fate = Fate::known;
            item.row = row.id;
            item.archived_at = row.archived_at;
            if (row.proof == ledger::Proof::header)
                take_for_now(row.id, item);
            else
                take(row.id, item);
            return;
        }
        item.fate = Fate::doubtful;
    }
}

// A doubtful one that was removed from the mbox, and has another size since the server marked it as read.
bool Identifier::was_removed(const Item& item, const Digest& header) {
    if (item.row == 0) return false;
    const auto row = archive_.ledger().messages.find(item.row);
    return row && row->state == ledger::State::missing && row->header == header;
}

std::vector<archive::Claim> Identifier::by_header(pop3::Session& session, Items& items) {
    std::vector<Item*> doubtful;
    std::vector<const pop3::Listed*> asked;
    for (Item& item : items) {
        if (item.fate != Fate::doubtful) continue;
        doubtful.push_back(&item);
        asked.push_back(item.listed);
    }
    std::vector<archive::Claim> claims;
    if (doubtful.empty() || !session.has_top()) return claims;
    const auto headers = read_headers(session, asked);
    for (std::size_t i = 0; i < doubtful.size(); ++i) {
        Item& item = *doubtful[i];
        const auto row = headers.at(i) ? candidate(*item.listed, *headers[i]) : std::nullopt;
        if (!row) {
            if (headers.at(i) && tells(*headers[i]))
                item.fate = was_removed(item, *headers[i]) ? Fate::removed : Fate::fresh;
            continue;
        }
        item.fate = Fate::known;
        item.row = row->id;
        item.identified = item.uid_tells && row->uid == item.listed->uid;
        if (item.identified)
            take(row->id, item);
        else
            take_for_now(row->id, item);
        const auto uid = item.listed->uid.empty() ? std::nullopt : std::optional(item.listed->uid);
        const bool as_recorded =
            row->account == account_ && row->uid == uid && row->list_size == item.listed->octets;
        if (!as_recorded)
            claims.push_back({.row = row->id,
                              .header = row->header,
                              .uid = uid,
                              .list_size = item.listed->octets,
                              .wire = {}});
    }
    return claims;
}

bool Identifier::take(ledger::Id row, const Item& by) {
    taken_.insert(row);
    const auto entry = for_now_.extract(row);
    if (entry.empty() || entry.mapped() == &by) return false;
    Item& other = *entry.mapped();
    other.fate = Fate::doubtful;
    other.row = 0;
    other.archived_at.reset();
    other.reprove = other.identified = false;
    any_doubtful_again_ = true;
    return true;
}

void Identifier::take_for_now(ledger::Id row, Item& by) {
    take(row, by);
    for_now_.emplace(row, &by);
}

void Identifier::give_back(ledger::Id row) {
    taken_.erase(row);
    for_now_.erase(row);
}

std::optional<ledger::Message> Identifier::candidate(const pop3::Listed& listed, const Digest& header) {
    if (!tells(header)) return std::nullopt;
    std::optional<ledger::Message> best;
    for (ledger::Message& row : archive_.ledger().messages.by_header(account_, header)) {
        if (taken_.contains(row.id) || !size_agrees(row, listed) || !may_be(row, listed)) continue;
        if (row.uid == listed.uid) return std::move(row);
        if (!best) best = std::move(row);
    }
    // Gone for good under another UID: this is another message, however alike.
    if (best && archive_.ledger().deletions.confirmed(best->id)) return std::nullopt;
    return best;
}

std::optional<Identifier::Known> Identifier::by_content(const pop3::Listed& listed,
                                                        const message::Facts& facts) {
    if (!has_candidates_) return std::nullopt;
    std::optional<Known> marked;
    for (const ledger::Message& row : archive_.ledger().messages.by_header(account_, facts.header)) {
        if (!may_be(row, listed)) continue;
        const bool proven = taken_.contains(row.id) && !for_now_.contains(row.id);
        // What is gone for good under another UID is another message; some servers list it again under its
        // own.
        const bool same_uid = !listed.uid.empty() && row.uid == listed.uid;
        if (proven || (!same_uid && archive_.ledger().deletions.confirmed(row.id))) continue;
        if (row.content == facts.content) return Known{.row = row.id};
        const bool unseen = row.proof != ledger::Proof::content && !taken_.contains(row.id);
        if ((same_uid || (unseen && !marked)) && archive::same_but_for_status(row, facts))
            marked = Known{.row = row.id, .for_now = !same_uid};
    }
    return marked;
}

std::optional<Identifier::Known> Identifier::same(ledger::Id id, const message::Facts& facts) {
    const auto row = archive_.ledger().messages.find(id);
    if (!row || !archive::same_but_for_status(*row, facts)) return std::nullopt;
    const bool proven = row->proof == ledger::Proof::content || row->content == facts.content;
    return Known{.row = id, .for_now = !proven};
}

}  // namespace popkeep::fetch
