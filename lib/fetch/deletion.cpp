#include "fetch/deletion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <utility>
#include <vector>

#include "archive/claim.hpp"
#include "archive/intact.hpp"
#include "base/clock.hpp"
#include "base/interrupt.hpp"
#include "base/text.hpp"
#include "fetch/due.hpp"
#include "fetch/headers.hpp"
#include "fetch/intake.hpp"
#include "fetch/left_behind.hpp"
#include "fetch/octets.hpp"

namespace popkeep::fetch {
namespace {

constexpr std::string_view told_of_staying = "told of what the server keeps";

ledger::Message row_of(const Context& context, const Item& item) {
    return context.archive.ledger().messages.find(item.row).value();
}

std::vector<std::optional<Digest>> headers_of(Context& context, pop3::Session& session,
                                              std::span<const pop3::Listed* const> messages) {
    try {
        return read_headers(session, messages);
    } catch (const pop3::SessionLost& lost) {
        if (lost.during()) {
            context.troubles.leave_alone(*lost.during());
            note_lost_header(context, *lost.during(), *messages.front());
        }
        // It is archived: nothing is to be had any more.
        throw pop3::SessionLost(lost, lost.how(), std::nullopt);
    }
}

// Header and size may be those of another message: only with the UID they tell.
bool is_named(const Item& item, const ledger::Message& row) {
    return item.uid_tells && row.uid == item.listed->uid;
}

// Those whose header digest and size, asked for by TOP, agree with their rows.
void identify(Context& context, pop3::Session& session, std::vector<Item*>& items) {
    std::vector<Item*> unsure;
    std::vector<const pop3::Listed*> asked;
    const auto avoided = std::erase_if(items, [&](const Item* item) {
        return !item->identified && context.troubles.is_suspect(*item->listed);
    });
    if (avoided > 0)
        context.observer.note(fmt::format("{} not deleted: the session broke behind {}",
                                          counted(avoided, "message was", "messages were"),
                                          avoided == 1 ? "it" : "them"));
    for (Item* item : items) {
        if (item->identified) continue;
        unsure.push_back(item);
        asked.push_back(item->listed);
    }
    std::uint64_t refused = 0;
    if (!asked.empty() && has_top(context, session)) {
        const auto headers = headers_of(context, session, asked);
        // Another message may have got the UID, or TOP tells nothing here: the next run retrieves it.
        std::vector<ledger::Id> others;
        for (std::size_t i = 0; i < unsure.size(); ++i) {
            const ledger::Message row = row_of(context, *unsure[i]);
            unsure[i]->identified = is_named(*unsure[i], row) && headers.at(i) == row.header &&
                                    unsure[i]->listed->octets == row.list_size;
            if (headers.at(i) != row.header) others.push_back(row.id);
            refused += headers[i] ? 0U : 1U;
        }
        archive::distrust(context.archive, others);
    }
    if (refused > 0)
        context.observer.note(
            fmt::format("the server refuses TOP for {}: the next run retrieves {} before it deletes",
                        counted_messages(refused), refused == 1 ? "it" : "them"));
    const auto odd = std::erase_if(items, [](const Item* item) { return !item->identified; }) - refused;
    if (odd > 0)
        context.observer.note(
            fmt::format("{} not deleted: the server shows {} differently from when it was archived",
                        counted(odd, "message was", "messages were"), odd == 1 ? "it" : "them"));
}

bool is_list_inexact(const Context& context) {
    return context.archive.ledger().servers.host(context.job.endpoint.place()).list_inexact;
}

// A message that ended before LIST says may have been cut short by a dot that the server forgot to stuff.
bool is_whole(const ledger::Message& row, bool list_inexact) {
    return list_inexact || as_listed(row.list_size, row.size + row.lines - row.bare_lf);
}

// Those whose bytes are on the disk, as far as that can be told.
void prove(Context& context, std::vector<Item*>& items) {
    context.archive.ledger().must_stand();
    archive::Intact intact(context.archive);
    const bool list_inexact = is_list_inexact(context);
    const auto gone = std::erase_if(items, [&](const Item* item) {
        const ledger::Message row = row_of(context, *item);
        // Another program may have removed it from the mbox after this session committed it.
        if (row.state != ledger::State::archived || row.proof != ledger::Proof::content) return true;
        // Status fields that a server wrote later make LIST's size another than that of what was archived.
        if (!item->whole && !is_whole(row, list_inexact)) return true;
        // What this session has written and read back still stands if nobody touched the file since.
        const bool untouched = intact(row.mbox);
        return !(item->committed && untouched) && !archive::provable(context.archive, row);
    });
    if (gone > 0)
        context.observer.note(fmt::format(
            "{0} not deleted: {1} could not be proven to stand in the archive as the server has {2}",
            counted(gone, "message was", "messages were"), gone == 1 ? "it" : "they",
            gone == 1 ? "it" : "them"));
}

// Where nobody is there, once, and again when there are twice as many: some servers keep all that comes.
void tell_what_stays(Context& context, std::uint64_t messages) {
    ledger::Memos& memos = context.archive.ledger().memos;
    const auto count = static_cast<std::int64_t>(messages);
    const std::int64_t told = memos.find(context.account.id, told_of_staying).value_or(0);
    const bool worth_telling = count > 0 && count / 2 >= told;
    if (worth_telling || count < told) {
        ledger::Transaction transaction = context.archive.ledger().transaction(ledger::Lasts::later);
        memos.set(context.account.id, told_of_staying, count);
        transaction.commit();
    }
    if (count == 0) return;
    const std::string sentence =
        Error(Category::data,
              fmt::format("the server keeps {} although it was asked {} times to delete {}",
                          counted_messages(messages), most_attempts, messages == 1 ? "it" : "each"))
            .at(context.job.endpoint.place())
            .next("no run asks again; see whether a setting of the mailbox keeps POP from deleting")
            .what();
    worth_telling || context.job.attended ? context.observer.warning(sentence)
                                          : context.observer.note(sentence);
}

// Some servers say +OK to DELE and QUIT and list the message again. Without an answer nobody knows.
void leave_what_stays(Context& context, std::vector<Item*>& items) {
    ledger::Ledger& ledger = context.archive.ledger();
    std::uint64_t stubborn = 0;
    ledger::Transaction transaction = ledger.transaction();
    std::erase_if(items, [&](const Item* item) {
        const std::uint64_t answered = ledger.deletions.answered(item->row);
        if (answered > 0) ledger.deletions.still_listed(item->row);
        stubborn += answered >= most_attempts ? 1U : 0U;
        return answered >= most_attempts;
    });
    transaction.commit();
    tell_what_stays(context, stubborn);
}

std::vector<ledger::Id> write_receipts(Context& context, const Items& listed,
                                       const std::vector<Item*>& items) {
    ledger::Ledger& ledger = context.archive.ledger();
    std::unordered_map<ledger::Id, std::string> paths;
    for (const ledger::Mbox& mbox : ledger.mboxes.all()) paths[mbox.id] = mbox.path;
    std::vector<ledger::Id> receipts;
    ledger::Transaction transaction = ledger.transaction();
    for (const Item* item : items) {
        const ledger::Message row = row_of(context, *item);
        receipts.push_back(ledger.deletions.ask(row, paths[row.mbox], now()));
    }
    note_left_behind(ledger, context.account.id, listed, items, receipts.front());
    ledger.accounts.deleted_once(context.account.id);
    transaction.commit();
    return receipts;
}

// A refused QUIT says nothing about a single message: some or none may be gone (RFC 1939 section 6).
void settle_receipts(Context& context, const std::vector<Item*>& items,
                     const std::vector<ledger::Id>& receipts, const pop3::Deleted& deleted) {
    ledger::Ledger& ledger = context.archive.ledger();
    const bool confirmed = deleted.outcome == pop3::Deleted::Outcome::confirmed;
    ledger::Transaction transaction = ledger.transaction();
    for (std::size_t i = 0; i < items.size(); ++i) {
        const bool own_refusal =
            std::ranges::find(deleted.refused, items[i]->listed->number) != deleted.refused.end();
        const bool gone = confirmed && !own_refusal;
        ++(gone ? context.summary.deleted : context.summary.unconfirmed);
        ledger.deletions.settle(receipts[i],
                                gone          ? "confirmed"
                                : own_refusal ? "refused"
                                              : "unknown",
                                deleted.quit_reply);
    }
    transaction.commit();
}

Error braked(const Context& context, std::uint64_t due, std::uint64_t listed, std::uint64_t allowed) {
    return Error(Category::temporary,
                 fmt::format("{} of {} listed would be deleted, more than the brake allows ({})",
                             counted_messages(due), listed, allowed))
        .at(context.job.name)
        .next(fmt::format("{} deleted; look at it with --dry-run, then allow it with --max-delete {}",
                          context.summary.gone() == 0 ? "nothing was" : "no more were", due));
}

class Deletion {
  public:
    Deletion(Context& context, pop3::Session& session, const Item* last)
        : context_(context), session_(session), last_(last) {}

    void go(Items& items) {
        std::vector<Item*> due = due_for_deletion(context_, items, false);
        if (!due.empty()) leave_what_stays(context_, due);
        // The brake is for the run, whatever number of sessions it has.
        const std::uint64_t before = context_.summary.gone();
        const std::uint64_t allowed = context_.job.brake.allowed(before + items.size());
        if (!due.empty() && before + due.size() > allowed) {
            quit();
            context_.summary.braked = true;
            throw braked(context_, before + due.size(), before + items.size(), allowed);
        }
        identify(context_, session_, due);
        if (!due.empty() && !may_delete(due.size(), items.size())) due.clear();
        // After the question, which a person may leave unanswered for long.
        prove(context_, due);
        if (due.empty()) return quit();
        // Else the receipts would say that DELE was sent.
        session_.expect_silence();
        interrupt::check();
        remove_and_quit(items, due);
    }

    void quit() {
        const pop3::Farewell farewell = session_.quit();
        if (farewell == pop3::Farewell::out_of_step) doubt();
        if (farewell == pop3::Farewell::answered) context_.hiding.closed();
        interrupt::check();
    }

    /// What the server said since the last message came was no answer.
    void doubt() {
        if (last_ != nullptr) distrust(context_, *last_);
    }

  private:
    bool may_delete(std::uint64_t messages, std::uint64_t listed) {
        if (context_.account.deleted_once || !context_.job.attended) return true;
        if (!context_.may_delete) context_.may_delete = context_.observer.may_delete(messages, listed);
        return *context_.may_delete;
    }

    void remove_and_quit(const Items& listed, const std::vector<Item*>& due) {
        std::vector<std::uint32_t> numbers;
        numbers.reserve(due.size());
        for (const Item* item : due) numbers.push_back(item->listed->number);
        const std::vector<ledger::Id> receipts = write_receipts(context_, listed, due);
        pop3::Deleted deleted;
        try {
            deleted = session_.remove_and_quit(numbers);
        } catch (const Error& error) {
            deleted.quit_reply = error.what();
        }
        settle_receipts(context_, due, receipts, deleted);
        if (deleted.out_of_step) doubt();
        if (deleted.outcome == pop3::Deleted::Outcome::confirmed) context_.hiding.closed();
        // Whoever ended the run while it waited for the answer learns that from the exit code.
        if (deleted.outcome == pop3::Deleted::Outcome::unknown) interrupt::check();
    }

    Context& context_;
    pop3::Session& session_;
    const Item* last_;
};

}  // namespace

void mark_what_needs_proof(Context& context, pop3::Session& session, Items& items) {
    const bool list_inexact = is_list_inexact(context);
    for (Item* item : due_for_deletion(context, items, true)) {
        // What isn't archived yet comes anyway; what broke a session when it was retrieved is left alone.
        if (item->fate != Fate::known || context.troubles.is_suspect(*item->listed)) continue;
        const ledger::Message row = row_of(context, *item);
        if (context.archive.ledger().deletions.answered(row.id) >= most_attempts) continue;
        const bool proven = row.proof == ledger::Proof::content && is_whole(row, list_inexact);
        // LIST told no size of it then: TOP alone will never do.
        const bool identifiable =
            has_top(context, session) && is_named(*item, row) && (row.list_size || !item->listed->octets);
        if (!proven || (!item->identified && !identifiable)) item->reprove = true;
    }
}

void delete_and_quit(Context& context, pop3::Session& session, Items& items, const Item* last) {
    Deletion deletion(context, session, last);
    try {
        deletion.go(items);
    } catch (const pop3::SessionLost& lost) {
        if (lost.how() == pop3::SessionLost::How::desynchronised) deletion.doubt();
        throw;
    } catch (const Error& error) {
        if (error.is_stop()) deletion.quit();
        throw;
    }
}

}  // namespace popkeep::fetch
