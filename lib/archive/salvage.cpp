#include "archive/salvage.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace popkeep::archive {
namespace {

// Whatever a damaged page makes of a query ends that query only, and what the new ledger's schema refuses is
// damaged as well. A disk that fails, a full one, or another process that holds the ledger ends everything:
// what they withhold is not lost.
void as_far_as_readable(const std::function<void()>& read) {
    try {
        read();
    } catch (const Error& error) {
        if (error.category() != Category::data && error.category() != Category::software) throw;
    }
}

// One row at a time by their numbers, so that a damaged page costs the rows on it and no others. Where the
// highest number is unreadable as well, a gap as long as this is taken for the end; and a damaged page may
// claim any number.
template <typename Rows, typename Carry>
void one_at_a_time(Rows& rows, const Carry& carry) {
    constexpr ledger::Id longest_gap = 10'000;
    constexpr ledger::Id most = 10'000'000;
    ledger::Id highest = 0;
    as_far_as_readable([&] { highest = std::min(rows.highest(), most); });
    for (ledger::Id id = 1; id <= highest + longest_gap; ++id) {
        as_far_as_readable([&] {
            auto row = rows.find(id);
            if (!row) return;
            highest = std::max(highest, id);
            carry(*std::move(row));
        });
    }
}

class Salvager {
  public:
    Salvager(ledger::Database& damaged, ledger::Ledger& into)
        : accounts_from_(damaged),
          mboxes_from_(damaged),
          messages_from_(damaged),
          deletions_from_(damaged),
          servers_from_(damaged),
          into_(into) {}

    Salvaged run() {
        ledger::Transaction transaction = into_.transaction();
        accounts();
        mboxes();
        messages();
        receipts();
        runs();
        transaction.commit();
        return count_;
    }

  private:
    struct Carried {
        ledger::Id id = 0;
        ledger::Mbox was;
    };

    void accounts() {
        std::vector<ledger::Account> found;
        as_far_as_readable([&] { found = accounts_from_.all(); });
        for (const ledger::Account& account : found) {
            const ledger::Account entered =
                into_.accounts.enter(account.identity, account.name, account.last_attempt);
            if (account.last_success) into_.accounts.succeeded(entered.id, *account.last_success);
            if (account.deleted_once) into_.accounts.deleted_once(entered.id);
            accounts_[account.id] = entered.id;
            ++count_.accounts;
        }
    }

    void mboxes() {
        one_at_a_time(mboxes_from_, [&](const ledger::Mbox& mbox) {
            mboxes_.insert_or_assign(mbox.id, Carried{into_.mboxes.enter(mbox.path).id, mbox});
        });
    }

    void messages() {
        one_at_a_time(messages_from_, [&](ledger::Message row) {
            const auto account = row.account ? accounts_.find(*row.account) : accounts_.end();
            const auto mbox = mboxes_.find(row.mbox);
            if (account == accounts_.end() || mbox == mboxes_.end()) return;
            row.account = account->second;
            row.mbox = mbox->second.id;
            row.state == ledger::State::prepared ? intent(std::move(row), mbox->second)
                                                 : message(std::move(row));
        });
    }

    void message(ledger::Message row) {
        const ledger::Id old_id = row.id;
        // Lost bytes are fetched again; what a reader had removed before stays removed.
        if (row.state == ledger::State::archived) row.refetch = true;
        row.state = ledger::State::missing;
        messages_[old_id] = into_.messages.insert(row);
        ++count_.messages;
    }

    // What an append left that did not end can be settled as long as it is known where it began.
    void intent(ledger::Message row, const Carried& mbox) {
        if (row.replaces) {
            const auto missing = messages_.find(*row.replaces);
            row.replaces = missing == messages_.end() ? std::nullopt : std::optional(missing->second);
        }
        into_.messages.insert(row);
        ledger::Mbox begun = mbox.was;
        begun.id = mbox.id;
        begun.inode = 0;  // no file is taken for untouched
        into_.mboxes.update(begun);
    }

    // Their numbers tell which is newer.
    void receipts() {
        one_at_a_time(deletions_from_, [&](const ledger::Deletion& deletion) {
            const auto account = accounts_.find(deletion.account);
            if (account == accounts_.end()) return;
            ledger::Message row;
            row.account = account->second;
            const auto known = messages_.find(deletion.message);
            row.id = known == messages_.end() ? 0 : known->second;
            row.uid = deletion.uid;
            row.content = deletion.content;
            const ledger::Id id = into_.deletions.ask(row, deletion.path, deletion.asked_at);
            ++count_.receipts;
            into_.deletions.settle(id, deletion.outcome, deletion.quit_reply.value_or(""));
        });
    }

    // A run that was killed may have left a lock.
    void runs() {
        std::vector<ledger::Run> found;
        as_far_as_readable([&] { found = servers_from_.runs(); });
        for (const ledger::Run& run : found) into_.servers.enter(run);
    }

    ledger::Accounts accounts_from_;
    ledger::Mboxes mboxes_from_;
    ledger::Messages messages_from_;
    ledger::Deletions deletions_from_;
    ledger::Servers servers_from_;
    ledger::Ledger& into_;
    std::unordered_map<ledger::Id, ledger::Id> accounts_, messages_;  // old numbers, new ones
    std::unordered_map<ledger::Id, Carried> mboxes_;
    Salvaged count_;
};

}  // namespace

Salvaged salvage(const std::string& damaged_path, ledger::Ledger& into) {
    try {
        ledger::Database damaged(damaged_path, ledger::Database::Mode::read);
        return Salvager(damaged, into).run();
    } catch (const Error& error) {
        // Not even its first page: the mboxes alone must do. Anything wrong with the new ledger is passed on.
        if (error.category() != Category::data) throw;
        return {};
    }
}

}  // namespace popkeep::archive
