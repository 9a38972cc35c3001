#include "fetch/retrieve.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/interrupt.hpp"
#include "fetch/intake.hpp"
#include "fetch/sign_in.hpp"

namespace popkeep::fetch {
namespace {

// LIST may be off for every message of a server, but then the content is always the same.
constexpr int same_content_needed = 3;
constexpr int most_tries = 24;

void remember_inexact_list(Context& context) {
    ledger::Ledger& ledger = context.archive.ledger();
    ledger::Host host = ledger.servers.host(context.job.endpoint.place());
    host.list_inexact = true;
    ledger::Transaction transaction = ledger.transaction();
    ledger.servers.remember(context.job.endpoint.place(), host);
    transaction.commit();
}

[[noreturn]] void lose_to_pipelining(Context& context) {
    remember_lockstep(context.archive, context.job);
    throw pop3::SessionLost(
        Error(Category::protocol, "the server answers several commands at once with the wrong messages")
            .at(context.job.endpoint.place())
            .next("popkeep asks for one at a time from now on"),
        pop3::SessionLost::How::desynchronised, std::nullopt);
}

// Only they show that an answer of a pipeline belongs to another command.
bool all_have_sizes(const std::vector<Item*>& wanted) {
    return std::ranges::all_of(wanted, [](const Item* item) { return item->listed->octets.has_value(); });
}

class Retrieval {
  public:
    Retrieval(Context& context, pop3::Session& session, Identifier& identifier)
        : context_(context), session_(session), identifier_(identifier) {}

    void go(Items& items) {
        bool inexact = context_.archive.ledger().servers.host(context_.job.endpoint.place()).list_inexact;
        for (;;) {
            std::vector<Item*> wanted;
            for (Item& item : items) {
                if (item.wanted()) wanted.push_back(&item);
            }
            if (wanted.empty()) return;
            Intake intake(context_, identifier_, wanted,
                          inexact ? Intake::Sizes::any : Intake::Sizes::listed);
            flight(intake, wanted, !inexact && all_have_sizes(wanted));
            if (intake.held().empty()) {
                if (identifier_.any_doubtful_again()) continue;
                return;
            }
            inexact = look_into(intake.held().front());
            if (inexact) remember_inexact_list(context_);
        }
    }

    const Item* last() const { return last_; }

  private:
    void flight(Intake& intake, const std::vector<Item*>& order, bool pipelined) {
        std::vector<const pop3::Listed*> asked;
        asked.reserve(order.size());
        for (const Item* item : order) asked.push_back(item->listed);
        try {
            session_.retrieve(asked, intake, pipelined);
        } catch (const pop3::SessionLost& lost) {
            blame(intake, lost);
            intake.finish();
            throw;
        } catch (...) {
            intake.finish();
            throw;
        }
        intake.finish();
        if (intake.last() != nullptr) last_ = intake.last();
        odd_ = odd_ || !intake.held().empty();
        leave_if_stopped();
    }

    // A server that hides what was retrieved once QUIT came would show it in every session, and nothing else.
    void leave_if_stopped() {
        if (!interrupt::requested()) return;
        const pop3::Farewell farewell = odd_ ? pop3::Farewell::unanswered : session_.quit();
        if (farewell == pop3::Farewell::out_of_step && last_ != nullptr) distrust(context_, *last_);
        if (farewell == pop3::Farewell::answered) context_.hiding.closed();
        interrupt::check();
    }

    // Which message broke the session. Where sizes are off, the first such one swallowed what follows it, and
    // the loss shows later only: one at a time, it will show where it belongs.
    void blame(Intake& intake, const pop3::SessionLost& lost) {
        Troubles& troubles = context_.troubles;
        if (!intake.held().empty()) {
            context_.lockstep = true;
            troubles.suspect(*intake.held().front().item->listed, lost.what());
            return;
        }
        if (lost.during()) troubles.suspect(*lost.during(), lost.what());
        if (lost.how() != pop3::SessionLost::How::desynchronised) return;
        context_.lockstep = true;
        if (const pop3::Listed* doubted = intake.distrust_last()) {
            troubles.suspect(*doubted, lost.what());
        } else if (last_ != nullptr) {
            distrust(context_, *last_);
        }
    }

    // One message by itself; returns what came last. Kept is what is as long as listed, or has the content
    // that is `expected`.
    Intake::Held alone(Item& item, Intake::Sizes sizes, std::optional<Digest> expected = {}) {
        Intake intake(context_, identifier_, {&item}, sizes, expected);
        flight(intake, {&item}, false);
        return intake.latest();
    }

    // Without QUIT: a server that hides what was retrieved would not show it again.
    [[noreturn]] void lose_to_cuts(const Item& item) {
        pop3::SessionLost lost(
            Error(Category::protocol, "the server sends a message cut short, differently each time")
                .at(context_.job.endpoint.place()),
            pop3::SessionLost::How::desynchronised, *item.listed);
        context_.troubles.suspect(*item.listed, lost.what());
        throw lost;
    }

    // True if LIST turned out to be inexact on this server.
    bool look_into(Intake::Held last) {
        Item& item = *last.item;
        int same = 1;
        for (int tries = 1;; ++tries) {
            const bool decides = same + 1 == same_content_needed;
            const Intake::Held next =
                alone(item, Intake::Sizes::listed, decides ? std::optional(last.content) : std::nullopt);
            if (item.fate == Fate::refused) return false;
            if (next.content == last.content) {
                if (++same == same_content_needed) return true;
                continue;
            }
            if (session_.pipelining()) lose_to_pipelining(context_);
            if (!item.wanted()) return false;  // as listed at last
            if (next.octets == last.octets || std::min(next.octets, last.octets) > *item.listed->octets) {
                // A server that makes the message up anew each time: the copy in hand is as good as any, and
                // the one that was archived before.
                if (std::exchange(item.reprove, false)) return false;
                alone(item, Intake::Sizes::any);
                return false;
            }
            if (next.octets < last.octets || tries == most_tries) lose_to_cuts(item);
            // GNU Mailutils 3.15 cuts a message short that it was asked for by TOP, less with each RETR.
            last = next;
            same = 1;
        }
    }

    Context& context_;
    pop3::Session& session_;
    Identifier& identifier_;
    const Item* last_ = nullptr;
    bool odd_ = false;  // some were held back, and not all of them may have come again
};

}  // namespace

const Item* retrieve(Context& context, pop3::Session& session, Identifier& identifier, Items& items) {
    Retrieval retrieval(context, session, identifier);
    retrieval.go(items);
    return retrieval.last();
}

}  // namespace popkeep::fetch
