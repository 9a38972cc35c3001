#include "fetch/intake.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "fetch/octets.hpp"

namespace popkeep::fetch {
namespace {

std::optional<std::string> uid_of(const pop3::Listed& listed) {
    return listed.uid.empty() ? std::nullopt : std::optional(listed.uid);
}

void note_date(Summary& summary, std::int64_t date) {
    summary.oldest = std::min(summary.oldest.value_or(date), date);
    summary.newest = std::max(summary.newest.value_or(date), date);
}

}  // namespace

Intake::Intake(Context& context, Identifier& identifier, std::vector<Item*> order, Sizes sizes,
               std::optional<Digest> expected)
    : context_(context),
      identifier_(identifier),
      order_(std::move(order)),
      sizes_(sizes),
      expected_(expected) {
    for (const Item* item : order_) to_come_ += item->listed->octets.value_or(0);
}

// The one that is answered now.
Item& Intake::next() {
    Item& item = *order_.at(next_++);
    to_come_ -= item.listed->octets.value_or(0);
    return item;
}

void Intake::begin(const pop3::Listed& message) {
    context_.appender.begin({.account = context_.account.id,
                             .number = message.number,
                             .uid = uid_of(message),
                             .list_size = message.octets,
                             .replaces = order_.at(next_)->replaces});
}

std::span<char> Intake::room(std::size_t size) {
    return context_.appender.room(size);
}

void Intake::content(std::size_t size) {
    context_.appender.content(size);
    octets_ += size;
    context_.observer.progress(context_.summary.fetched + messages_, context_.summary.octets + octets_);
}

void Intake::end(std::uint64_t octets, std::uint64_t bare_lf) {
    Item& item = next();
    const message::Facts& facts = context_.appender.end(bare_lf);
    latest_ = {.item = &item, .content = facts.content, .octets = octets};
    // Behind an odd one, answers may belong to other messages than they seem to, the right sizes included.
    const bool odd = !as_listed(item.listed->octets, octets) || !held_.empty();
    if (sizes_ == Sizes::listed && odd && facts.content != expected_) {
        held_.push_back(latest_);
        context_.appender.drop();
        return;
    }
    last_ = &item;
    item.whole = item.listed->octets && as_listed(item.listed->octets, octets);
    settle(item, facts, bare_lf);
    ++messages_;
    context_.observer.progress(context_.summary.fetched + messages_, context_.summary.octets + octets_);
}

void Intake::settle(Item& item, const message::Facts& facts, std::uint64_t bare_lf) {
    std::optional<Identifier::Known> known;
    if (std::exchange(item.reprove, false)) {
        known = identifier_.same(item.row, facts);
        if (!known) identifier_.give_back(item.row);
    }
    if (!known) known = identifier_.by_content(*item.listed, facts);
    if (known) {
        claim(item, *known, facts, bare_lf);
        context_.appender.drop();
        return;
    }
    item.fate = Fate::fresh;
    item.received = facts.received;
    uncommitted_[item.listed->number] = &item;
    context_.appender.keep();
    collect();
}

void Intake::claim(Item& item, const Identifier::Known& known, const message::Facts& facts,
                   std::uint64_t bare_lf) {
    item.fate = Fate::known;
    item.row = known.row;
    item.archived_at.reset();
    item.identified = true;
    if (known.for_now) {
        identifier_.take_for_now(known.row, item);
    } else if (identifier_.take(known.row, item)) {
        std::erase_if(claims_, [&](const archive::Claim& claim) { return claim.row == known.row; });
    }
    context_.hiding.retrieved(known.row);
    claims_.push_back({.row = known.row,
                       .header = facts.header,
                       .uid = uid_of(*item.listed),
                       .list_size = item.listed->octets,
                       .wire = archive::Wire{.content = facts.content,
                                             .stripped = facts.stripped,
                                             .size = facts.size,
                                             .lines = facts.lines,
                                             .bare_lf = bare_lf}});
}

void Intake::collect() {
    const auto all = context_.appender.take_committed();
    if (!all.empty()) identifier_.look_for_unclaimed();
    for (const archive::Committed& committed : all) {
        const auto entry = uncommitted_.extract(committed.number);
        Item& item = *entry.mapped();
        item.fate = Fate::known;
        item.row = committed.row;
        item.archived_at.reset();
        item.identified = item.committed = true;
        identifier_.take(committed.row, item);
        context_.hiding.retrieved(committed.row);
        if (item.received) note_date(context_.summary, *item.received);
    }
}

void Intake::refused(const pop3::Listed& message, const pop3::Reply& reply) {
    Item& item = next();
    item.fate = Fate::refused;
    item.reprove = false;
    context_.troubles.refused(message, reply.text);
}

void Intake::idle() {
    // The last batch goes in several, so that less is left to be done when the server has done its part.
    const bool last = to_come_ <= archive::Batch::most_bytes;
    if (last && to_come_ >= archive::Appender::worth_a_batch) context_.appender.use_pause();
    context_.appender.flush_if_due();
    collect();
    context_.observer.progress(context_.summary.fetched + messages_, context_.summary.octets + octets_);
}

bool Intake::more() {
    return held_.empty();
}

const pop3::Listed* Intake::distrust_last() {
    if (last_ == nullptr) return nullptr;
    context_.appender.drop();
    last_->identified = false;
    if (uncommitted_.contains(last_->listed->number)) {
        if (context_.appender.take_back()) {
            uncommitted_.erase(last_->listed->number);
            return last_->listed;
        }
        context_.appender.flush();
        collect();
    }
    if (last_->committed) {
        distrust(context_, *last_);
    } else if (!claims_.empty()) {
        claims_.pop_back();
    }
    return last_->listed;
}

void Intake::finish() {
    context_.appender.drop();
    if (!context_.appender.broken()) {
        context_.appender.flush();
        collect();
        archive::claim(context_.archive, context_.account.id, claims_);
        context_.summary.claimed += claims_.size();
        claims_.clear();
    }
    context_.summary.fetched += std::exchange(messages_, 0);
    context_.summary.octets += std::exchange(octets_, 0);
}

void distrust(Context& context, const Item& item) {
    if (item.fate != Fate::known) return;
    archive::distrust(context.archive, {&item.row, 1});
    context.troubles.leave_alone(*item.listed);
    context.observer.warning(
        fmt::format("message {} (UID {}) may be cut short: the server said something behind its end; it is "
                    "retrieved again before it is deleted there",
                    item.listed->number, printable(item.listed->uid, 80)));
}

}  // namespace popkeep::fetch
