#include "archive/salvage.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <ranges>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace popkeep::archive {
namespace {

// Whatever a damaged page makes of a query ends that query only. Nothing is written in it: that the new
// ledger can't be ends everything, and so does a disk that fails, or another process that holds the ledger:
// what they withhold is not lost.
void as_far_as_readable(const std::function<void()>& read) {
    try {
        read();
    } catch (const Error& error) {
        if (error.category() != Category::data && error.category() != Category::software) throw;
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
        std::vector<ledger::Mbox> found;
        as_far_as_readable([&] { found = mboxes_from_.all(); });
        for (const ledger::Mbox& mbox : found) mboxes_[mbox.id] = into_.mboxes.enter(mbox.path).id;
    }

    // One at a time by their numbers, so that a damaged page costs the rows on it and no others. Where the
    // highest number is unreadable as well, a gap as long as this is taken for the end; and a damaged page
    // may claim any number.
    void messages() {
        constexpr ledger::Id longest_gap = 10'000;
        constexpr ledger::Id most = 10'000'000;
        ledger::Id highest = 0;
        as_far_as_readable([&] { highest = std::min(messages_from_.highest(), most); });
        for (ledger::Id id = 1; id <= highest + longest_gap; ++id) {
            std::optional<ledger::Message> found;
            as_far_as_readable([&] { found = messages_from_.find(id); });
            if (!found) continue;
            highest = std::max(highest, id);
            message(*std::move(found));
        }
    }

    void message(ledger::Message message) {
        const auto account = message.account ? accounts_.find(*message.account) : accounts_.end();
        const auto mbox = mboxes_.find(message.mbox);
        if (account == accounts_.end() || mbox == mboxes_.end() || message.state == ledger::State::prepared)
            return;
        const ledger::Id old_id = message.id;
        // Lost bytes are fetched again; what a reader had removed before stays removed.
        if (message.state == ledger::State::archived) message.refetch = true;
        message.state = ledger::State::missing;
        message.account = account->second;
        message.mbox = mbox->second;
        messages_[old_id] = into_.messages.insert(message);
        ++count_.messages;
    }

    // Their numbers tell which is newer, and they come newest first.
    void receipts() {
        std::vector<ledger::Deletion> found;
        as_far_as_readable(
            [&] { deletions_from_.each({}, [&](const ledger::Deletion& d) { found.push_back(d); }); });
        for (const ledger::Deletion& deletion : std::views::reverse(found)) receipt(deletion);
    }

    void receipt(const ledger::Deletion& deletion) {
        const auto account = accounts_.find(deletion.account);
        if (account == accounts_.end()) return;
        ledger::Message message;
        message.account = account->second;
        const auto known = messages_.find(deletion.message);
        message.id = known == messages_.end() ? 0 : known->second;
        message.uid = deletion.uid;
        message.content = deletion.content;
        const ledger::Id id = into_.deletions.ask(message, deletion.path, deletion.asked_at);
        into_.deletions.settle(id, deletion.outcome, deletion.quit_reply.value_or(""));
        ++count_.receipts;
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
    std::unordered_map<ledger::Id, ledger::Id> accounts_, mboxes_, messages_;
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
