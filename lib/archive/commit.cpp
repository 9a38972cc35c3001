#include "archive/commit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <thread>

#include "archive/append.hpp"
#include "archive/fingerprint.hpp"
#include "archive/reconcile.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/text.hpp"
#include "file/durable.hpp"

namespace popkeep::archive {
namespace {

ledger::Message row_for(const Batch::Entry& entry, ledger::Id mbox, std::uint64_t start) {
    ledger::Message row;
    row.account = entry.origin.account;
    row.uid = entry.origin.uid;
    row.list_size = entry.origin.list_size;
    row.state = ledger::State::prepared;
    row.proof = ledger::Proof::content;
    row.mbox = mbox;
    row.start = start;
    row.length = entry.length;
    row.postmark = entry.postmark;
    row.content = entry.facts.content;
    row.header = entry.facts.header;
    row.stripped = entry.facts.stripped;
    row.size = entry.facts.size;
    row.lines = entry.facts.lines;
    row.bare_lf = entry.bare_lf;
    row.replaces = entry.origin.replaces;
    row.archived_at = now();
    return row;
}

// Who waits for a lock looks for it every so often, a run of ours every 250 ms.
constexpr std::chrono::milliseconds turn_of_others{300};
constexpr std::chrono::milliseconds own_turn{2700};

}  // namespace

void Committer::await_turn() {
    const bool locked = busy();
    await_put();
    if (!locked) {
        own_turn_.reset();
    } else if (!own_turn_) {
        own_turn_ = Deadline::in(own_turn);
    } else if (own_turn_->passed() && !interrupt::requested()) {
        std::this_thread::sleep_for(turn_of_others);
        own_turn_.reset();
    }
}

bool Committer::put(const std::string& relative_path, const Batch& batch,
                    std::span<const Batch::Entry> entries) {
    OpenMbox mbox = open_at_end(relative_path);
    const Piece piece{.begin = mbox.row.size,
                      .pad = missing_line_breaks(mbox, mbox.row.size),
                      .batch = batch,
                      .entries = entries};
    Put next;
    ledger::Ledger& ledger = archive_.ledger();
    ledger::Transaction transaction = ledger.transaction();
    enter_put();
    std::uint64_t at = piece.begin + piece.pad.size();
    for (const Batch::Entry& entry : entries) {
        const ledger::Id id = ledger.messages.insert(row_for(entry, mbox.row.id, at));
        next.messages.push_back({.number = entry.origin.number, .row = id, .size = entry.facts.size});
        if (entry.origin.replaces) next.replaced.push_back(*entry.origin.replaces);
        at += entry.length;
    }
    transaction.commit();
    count_put();

    next.account = entries.front().origin.account;
    next.mbox = mbox.row;
    try {
        next.appended = append(std::move(mbox), piece, worker_);
    } catch (const SystemError& error) {
        if (error.number() != EFBIG || !nothing_left(next)) throw;
        if (piece.begin == 0 && entries.size() == 1) throw;
        return false;
    }
    put_ = std::move(next);
    return true;
}

void Committer::finish() {
    await_put();
    if (!put_) return;
    if (const auto mbox = open_mbox(archive_, put_->mbox.path, false); mbox && stands_as_put(*mbox)) {
        commit_put();
        return;
    }
    reconcile_all(archive_);
    count_what_reconcile_committed();
}

bool Committer::busy() const {
    return put_ && put_->appended.valid() &&
           put_->appended.wait_for(std::chrono::seconds(0)) != std::future_status::ready;
}

void Committer::await_put() {
    if (!put_ || !put_->appended.valid()) return;
    std::future<ledger::Mbox> appended = std::move(put_->appended);
    try {
        put_->mbox = appended.get();
    } catch (...) {
        put_.reset();
        throw;
    }
}

// After an attempt that failed: a crash could bring back what isn't settled before the next one.
bool Committer::nothing_left(const Put& put) {
    reconcile_all(archive_);
    return std::ranges::none_of(put.messages, [&](const Committed& message) {
        return archive_.ledger().messages.find(message.row).has_value();
    });
}

// Locked and accounted for. What was put stays uncommitted if it is where the mbox ends.
OpenMbox Committer::open_at_end(const std::string& relative_path) {
    if (put_ && put_->mbox.path != relative_path) finish();
    OpenMbox mbox = open_mbox(archive_, relative_path, true).value();
    if (put_ && stands_as_put(mbox)) {
        mbox.row = put_->mbox;
        return mbox;
    }
    reconcile(archive_, mbox);
    count_what_reconcile_committed();
    return mbox;
}

// Nobody touched the bytes, and no other run's reconcile took care of the rows. Their number says too little:
// another run may have prepared as many and been killed.
bool Committer::stands_as_put(const OpenMbox& mbox) {
    return mbox.row.id == put_->mbox.id && untouched(put_->mbox, file::stat_of(mbox.fd, mbox.path)) &&
           std::ranges::equal(archive_.ledger().messages.prepared_ids_in(mbox.row.id), put_->messages, {}, {},
                              &Committed::row);
}

void Committer::commit_put() {
    ledger::Transaction transaction = archive_.ledger().transaction();
    enter_put();
    transaction.commit();
    count_put();
}

void Committer::enter_put() {
    if (!put_) return;
    ledger::Ledger& ledger = archive_.ledger();
    for (const ledger::Id missing : put_->replaced) ledger.messages.remove_missing(missing);
    ledger.messages.archive_prepared_in(put_->mbox.id);
    ledger.mboxes.update(put_->mbox);
}

void Committer::count_put() {
    if (!put_) return;
    count(*put_);
    put_.reset();
}

void Committer::count_what_reconcile_committed() {
    if (!put_) return;
    Put put = *std::exchange(put_, std::nullopt);
    const auto lost = std::erase_if(put.messages, [&](const Committed& message) {
        const auto row = archive_.ledger().messages.find(message.row);
        // The number of a row that is gone may have been given to another run's.
        return !row || row->state != ledger::State::archived || row->account != put.account;
    });
    count(put);
    if (lost > 0)
        throw Error(Category::temporary,
                    fmt::format("another program took {} out of the mbox while it was being filled",
                                counted(lost, "new message", "new messages")))
            .at(archive_.path_of(put.mbox.path))
            .next("the next run fetches what the server still lists");
}

void Committer::count(const Put& put) {
    if (put.messages.empty()) return;
    committed_.insert(committed_.end(), put.messages.begin(), put.messages.end());
    messages_ += put.messages.size();
    for (const Committed& message : put.messages) bytes_ += message.size;
    const std::string path = archive_.path_of(put.mbox.path);
    if (std::ranges::find(files_, path) == files_.end()) files_.push_back(path);
}

}  // namespace popkeep::archive
