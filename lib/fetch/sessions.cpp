#include "fetch/sessions.hpp"

#include <fmt/format.h>

#include <string_view>

#include "fetch/attempt.hpp"
#include "fetch/login_delay.hpp"
#include "fetch/sign_in.hpp"

namespace popkeep::fetch {
namespace {

using How = pop3::SessionLost::How;

constexpr int most_sessions = 6;
constexpr std::uint64_t few_messages = 10;
constexpr std::string_view suspects_memo = "suspects wait for their session";

std::uint64_t brought(const Context& context) {
    return context.appender.messages() + context.summary.claimed;
}

// Where a message may have broken a session, that is something to know: the next one leaves it out. Only
// silence isn't waited for again and again.
void ordinary_sessions(Context& context) {
    int fruitless = 0;
    for (int session = 1;; ++session) {
        const std::uint64_t before = brought(context);
        const int lost_to_top = context.lost_to_top;
        try {
            return attempt(context, Turn::ordinary);
        } catch (const pop3::SessionLost& lost) {
            if (lost.how() == How::desynchronised) {
                context.lockstep = true;
                if (!context.job.dry_run) remember_lockstep(context.archive, context.job);
            }
            // Some servers hear no more than the first of several commands, or drop who sends them.
            if (brought(context) - before < few_messages) context.lockstep = true;
            const bool learned =
                (lost.during() && lost.how() != How::silent) || context.lost_to_top > lost_to_top;
            if (brought(context) == before && !learned) ++fruitless;
            if (fruitless > 1 || session == most_sessions) throw;
            context.observer.note(
                fmt::format("{}: {}; a new session is begun", lost.where(), lost.sentence()));
        }
    }
}

// They take each other's place in turn, so that one doesn't hide the next.
void sessions_of_suspects(Context& context) {
    int session = 0;
    do {
        try {
            return attempt(context, Turn::suspects);
        } catch (const pop3::SessionLost& lost) {
            if (!lost.during()) throw;
            context.troubles.broke_session(*lost.during(), lost.what());
        }
    } while (context.troubles.any_put_off() && ++session < most_sessions);
}

// False if the server refuses them as too soon after the last sign-in. A drain waits until it may.
bool come_in_time(Context& context, void (*sessions)(Context&)) {
    if (context.job.drain) wait(context.observer, left_of_login_delay(context));
    try {
        sessions(context);
        return true;
    } catch (const pop3::LoginRefused& refusal) {
        if (refusal.code() != pop3::ResponseCode::login_delay) throw;
        context.too_soon = refusal;
        return false;
    }
}

void note_waiting(Context& context, bool waiting) {
    ledger::Ledger& ledger = context.archive.ledger();
    ledger::Transaction transaction = ledger.transaction(ledger::Lasts::later);
    ledger.memos.set(context.account.id, suspects_memo, waiting ? 1 : 0);
    transaction.commit();
}

void suspects_behind_the_others(Context& context) {
    if (context.troubles.any_put_off() && !come_in_time(context, sessions_of_suspects))
        note_waiting(context, true);
}

}  // namespace

void hold_sessions(Context& context) {
    context.too_soon.reset();
    if (context.job.dry_run) return ordinary_sessions(context);
    const bool waiting =
        context.archive.ledger().memos.find(context.account.id, suspects_memo).value_or(0) != 0;
    if (waiting) note_waiting(context, false);
    if (waiting && context.troubles.any_untried()) {
        sessions_of_suspects(context);
        // The others wait for the next run then.
        come_in_time(context, ordinary_sessions);
        return;
    }
    try {
        ordinary_sessions(context);
    } catch (const Error&) {
        // Nothing is wrong with fetching.
        if (context.summary.braked) suspects_behind_the_others(context);
        throw;
    }
    suspects_behind_the_others(context);
}

}  // namespace popkeep::fetch
