#include "fetch/retrieve.hpp"

#include <span>
#include <vector>

#include "base/interrupt.hpp"
#include "fetch/intake.hpp"
#include "fetch/sign_in.hpp"

namespace popkeep::fetch {
namespace {

// LIST may be off for every message of a server, but then the content is always the same.
constexpr int same_content_needed = 3;

// Which message broke the session. Where sizes are off, the first such one swallowed what follows it, and the
// loss shows later only: one at a time, it will show where it belongs.
void blame(Context& context, Intake& intake, const pop3::SessionLost& lost) {
    if (!intake.held().empty()) {
        context.lockstep = true;
        context.suspects.insert(intake.held().front().item->listed->uid);
        return;
    }
    if (lost.during()) context.suspects.insert(lost.during()->uid);
    if (lost.how() != pop3::SessionLost::How::desynchronised) return;
    context.lockstep = true;
    if (const pop3::Listed* doubted = intake.distrust_last()) context.suspects.insert(doubted->uid);
}

void flight(Context& context, pop3::Session& session, Intake& intake, const std::vector<Item*>& order,
            bool pipelined) {
    std::vector<pop3::Listed> asked;
    asked.reserve(order.size());
    for (const Item* item : order) asked.push_back(*item->listed);
    try {
        session.retrieve(asked, intake, pipelined);
    } catch (const pop3::SessionLost& lost) {
        blame(context, intake, lost);
        intake.finish();
        throw;
    } catch (...) {
        intake.finish();
        throw;
    }
    intake.finish();
    interrupt::check();
}

// One message by itself; returns the digest of what came, the same as `before` if it was refused this time.
Digest alone(Context& context, pop3::Session& session, Identifier& identifier, Item& item,
             const Digest& before, bool keep) {
    Intake intake(context, identifier, {&item}, keep ? Intake::Sizes::any : Intake::Sizes::never);
    flight(context, session, intake, {&item}, false);
    return item.fate == Fate::refused ? before : intake.last_content();
}

void remember_inexact_list(Context& context) {
    ledger::Ledger& ledger = context.archive.ledger();
    ledger::Host host = ledger.servers.host(context.job.endpoint.place());
    host.list_inexact = true;
    ledger::Transaction transaction = ledger.transaction();
    ledger.servers.remember(context.job.endpoint.place(), host);
    transaction.commit();
}

// True if LIST turned out to be inexact on this server.
bool look_into(Context& context, pop3::Session& session, Identifier& identifier, const Intake::Held& held) {
    for (int same = 1; same < same_content_needed; ++same) {
        const bool last = same + 1 == same_content_needed;
        if (alone(context, session, identifier, *held.item, held.content, last) == held.content) continue;
        if (session.pipelining()) {
            remember_lockstep(context.archive, context.job);
            throw pop3::SessionLost(
                Error(Category::protocol,
                      "the server answers several commands at once with the wrong messages")
                    .at(context.job.endpoint.place())
                    .next("popkeep asks for one at a time from now on"),
                pop3::SessionLost::How::desynchronised, std::nullopt);
        }
        // A server that makes the message up anew each time: the copy in hand is as good as any.
        if (!last) alone(context, session, identifier, *held.item, held.content, true);
        return false;
    }
    return held.item->fate == Fate::known;
}

}  // namespace

void retrieve(Context& context, pop3::Session& session, Identifier& identifier, Items& items) {
    bool inexact = context.archive.ledger().servers.host(context.job.endpoint.place()).list_inexact;
    for (;;) {
        std::vector<Item*> wanted;
        for (Item& item : items) {
            if (item.wanted()) wanted.push_back(&item);
        }
        if (wanted.empty()) return;
        Intake intake(context, identifier, wanted, inexact ? Intake::Sizes::any : Intake::Sizes::listed);
        flight(context, session, intake, wanted, true);
        if (intake.held().empty()) return;
        inexact = look_into(context, session, identifier, intake.held().front());
        if (inexact) remember_inexact_list(context);
    }
}

}  // namespace popkeep::fetch
