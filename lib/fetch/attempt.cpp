#include "fetch/attempt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <unordered_set>
#include <vector>

#include "archive/claim.hpp"
#include "base/clock.hpp"
#include "base/text.hpp"
#include "fetch/choice.hpp"
#include "fetch/deletion.hpp"
#include "fetch/due.hpp"
#include "fetch/early_warning.hpp"
#include "fetch/headers.hpp"
#include "fetch/identify.hpp"
#include "fetch/login_delay.hpp"
#include "fetch/retrieve.hpp"
#include "fetch/sign_in.hpp"

namespace popkeep::fetch {
namespace {

// What needn't be asked for: all of it is archived. Not what is about to be deleted for the first time.
std::vector<Item*> free_to_be_asked_again(Context& context, Items& items) {
    ledger::Deletions& deletions = context.archive.ledger().deletions;
    std::unordered_set<const Item*> leaving;
    for (const Item* item : due_for_deletion(context, items, false)) {
        if (deletions.attempts(item->row) == 0) leaving.insert(item);
    }
    std::vector<Item*> free;
    for (Item& item : items) {
        if (item.fate == Fate::known && !leaving.contains(&item) &&
            !context.troubles.is_suspect(*item.listed))
            free.push_back(&item);
    }
    return free;
}

// The last listing if this is the same and all of it was archived: then there is nothing to look at.
std::optional<ledger::Listing> same_as_settled(Context& context, const pop3::Session& session) {
    if (context.job.deletes.kind != DeletePolicy::Kind::never || context.hiding.suspected(session))
        return std::nullopt;
    auto last = context.archive.ledger().accounts.last_listing(context.account.id);
    if (!last || !last->settled || last->digest != session.listing().digest()) return std::nullopt;
    return last;
}

// Looked up once more, since another process may have changed an mbox in the course of this session, or been
// told to fetch what is missing. Runs that delete look at every message anyway.
bool all_settled(Context& context, const Items& items) {
    if (context.job.deletes.kind != DeletePolicy::Kind::never) return false;
    ledger::Messages& messages = context.archive.ledger().messages;
    return std::ranges::all_of(items, [&](const Item& item) {
        return (item.fate == Fate::known || item.fate == Fate::removed) && messages.settled(item.row);
    });
}

// `settled` is asked within the transaction, so that nobody says otherwise between its answer and the entry.
// `staying`: see remember_staying().
void remember(Context& context, ledger::Listing listing, const std::function<bool()>& settled,
              std::uint64_t staying) {
    ledger::Ledger& ledger = context.archive.ledger();
    ledger::Transaction transaction = ledger.transaction(ledger::Lasts::later);
    listing.taken_at = now();
    listing.settled = settled();
    ledger.accounts.remember_listing(context.account.id, listing);
    remember_staying(context, staying);
    transaction.commit();
}

// A message that broke a session waits until the others are safe, then is tried once.
void put_off(const Troubles& troubles, Turn turn, Items& items) {
    for (Item& item : items) {
        if (!item.wanted()) continue;
        const bool suspect = troubles.is_suspect(*item.listed);
        const bool its_turn =
            turn == Turn::ordinary ? !suspect : suspect && !troubles.has_failed(*item.listed);
        if (!its_turn) item.fate = Fate::put_off;
    }
}

// What it finds out by TOP. What broke a session is not asked for its header: its content tells as well.
std::vector<archive::Claim> identify(Context& context, pop3::Session& session, Identifier& identifier,
                                     Turn turn, Items& items) {
    if (turn == Turn::suspects || !has_top(context, session)) return {};
    const auto first = std::ranges::find(items, Fate::doubtful, &Item::fate);
    try {
        return identifier.by_header(session, items);
    } catch (const pop3::SessionLost& lost) {
        if (lost.during()) {
            context.troubles.suspect(*lost.during(), lost.what());
            note_lost_header(context, *lost.during(), *first->listed);
        }
        throw;
    } catch (const Error& error) {
        if (error.is_stop()) session.quit();
        throw;
    }
}

ledger::Listing summed_up(const pop3::Listing& listing) {
    ledger::Listing sum;
    sum.digest = listing.digest();
    sum.count = listing.messages().size();
    sum.octets = listing.octets();
    return sum;
}

Plan plan_of_nothing(const ledger::Listing& listing) {
    Plan plan;
    plan.listed = listing.count;
    plan.listed_octets = listing.octets;
    return plan;
}

Plan plan_of(Context& context, const ledger::Listing& listing, Items& items, std::uint64_t claimed) {
    Plan plan = plan_of_nothing(listing);
    plan.claimed = claimed;
    for (const Item& item : items) {
        plan.held_back += item.fate == Fate::put_off || item.fate == Fate::no_room ? 1U : 0U;
        if (!item.wanted()) continue;
        ++plan.wanted;
        plan.wanted_octets += item.listed->octets.value_or(0);
        plan.unsized += item.listed->octets ? 0U : 1U;
        plan.undecided += item.fate == Fate::doubtful ? 1U : 0U;
        if (context.job.dry_run) plan.fetch.push_back(*item.listed);
    }
    if (!context.job.dry_run) return plan;
    for (const Item* item : due_for_deletion(context, items, true)) plan.remove.push_back(*item->listed);
    return plan;
}

// Of all sessions of this run: what was fresh in the first ones is archived by now.
std::uint64_t count_fresh(const Context& context, const Items& items) {
    return context.appender.messages() +
           static_cast<std::uint64_t>(std::ranges::count_if(
               items, [](const Item& item) { return item.unknown() || item.fate == Fate::put_off; }));
}

std::uint64_t count_left(const Items& items) {
    return static_cast<std::uint64_t>(std::ranges::count_if(
        items, [](const Item& item) { return item.fate == Fate::no_room || item.unknown(); }));
}

// Those that an earlier session brought.
std::uint64_t count_familiar(const Items& items) {
    return static_cast<std::uint64_t>(std::ranges::count_if(
        items, [](const Item& item) { return item.fate == Fate::known || item.fate == Fate::removed; }));
}

}  // namespace

void attempt(Context& context, Turn turn) {
    pop3::Session session = sign_in(context.archive, context.account, context.job, context.lockstep);
    context.signed_in_at = std::chrono::steady_clock::now();
    context.hiding.begin_session();
    if (context.job.tokens) {
        if (const auto warning = context.job.tokens->take_warning()) context.observer.warning(*warning);
    }
    context.observer.connected(session);
    remember_login_delay(context, session);
    const pop3::Listing& listing = session.listing();
    mind_certificate(context, session);
    if (const auto last = same_as_settled(context, session)) {
        context.summary.listed = last->count;
        context.observer.planned(plan_of_nothing(*last));
        session.quit();
        if (!context.job.dry_run)
            remember(
                context, *last, [&] { return same_as_settled(context, session).has_value(); }, last->count);
        return;
    }
    const ledger::Listing sum = summed_up(listing);
    context.summary.listed = sum.count;
    mind_shrinking(context, sum.count);

    Identifier identifier(context.archive, context.account.id);
    Items items;
    identifier.by_uid(listing, items);
    context.troubles.begin_session(items);
    put_off(context.troubles, turn, items);
    const std::vector<archive::Claim> claims = identify(context, session, identifier, turn, items);
    if (!context.job.dry_run) {
        archive::claim(context.archive, context.account.id, claims);
        context.summary.claimed += claims.size();
    }
    context.summary.fresh = count_fresh(context, items);
    mark_what_needs_proof(context, session, items);
    if (turn == Turn::ordinary && context.hiding.suspected(session) && !context.job.dry_run)
        context.hiding.listed(session, items, free_to_be_asked_again(context, items));
    // What an ordinary session has left is put off in those of suspects, and lacks room all the same.
    Summary& summary = context.summary;
    const bool ordinary = turn == Turn::ordinary;
    const std::uint64_t lacking = choose(context, items);
    summary.lacking_octets = ordinary ? lacking : std::max(summary.lacking_octets, lacking);
    const auto note_left = [&] {
        summary.left = ordinary ? count_left(items) : std::max(summary.left, count_left(items));
    };
    context.observer.planned(plan_of(context, sum, items, claims.size()));
    if (context.job.dry_run) {
        session.quit();
        return;
    }

    const std::uint64_t familiar = count_familiar(items);
    const std::uint64_t before = context.summary.gone();
    const Item* last = nullptr;
    try {
        last = retrieve(context, session, identifier, items);
        while (has_room_for_more(context, items)) {
            summary.lacking_octets += choose(context, items);
            if (const Item* next = retrieve(context, session, identifier, items)) last = next;
        }
    } catch (...) {
        note_left();
        throw;
    }
    note_left();
    context.troubles.forget_settled(items);
    delete_and_quit(context, session, items, last);
    remember(
        context, sum,
        [&] {
            return identifier.uids_trusted() && !context.hiding.suspected(session) &&
                   all_settled(context, items);
        },
        familiar - std::min(familiar, context.summary.gone() - before));
}

}  // namespace popkeep::fetch
