#include "archive/commit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <span>
#include <string_view>
#include <utility>

#include "archive/fingerprint.hpp"
#include "archive/open_mbox.hpp"
#include "archive/reconcile.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "file/directory.hpp"
#include "file/durable.hpp"

namespace popkeep::archive {
namespace {

// What a batch is about to write, and where.
struct Intent {
    std::uint64_t begin = 0;  // the end of what is accounted for
    std::string pad;          // line breaks that a foreign last message lacks
    std::vector<ledger::Message> rows;

    std::uint64_t end() const { return rows.back().end(); }
};

// Entries of a batch.
struct Portion {
    const Batch& batch;
    std::span<const Batch::Entry> entries;

    void each_piece(const std::function<void(std::span<const std::string_view>)>& visit) const {
        batch.each_piece(entries, visit);
    }
};

Intent prepare(ledger::Ledger& ledger, const OpenMbox& mbox, const Portion& portion) {
    Intent intent{.begin = mbox.row.size, .pad = missing_line_breaks(mbox, mbox.row.size), .rows = {}};
    std::uint64_t at = intent.begin + intent.pad.size();
    ledger::Transaction transaction = ledger.transaction();
    for (const Batch::Entry& entry : portion.entries) {
        ledger::Message row;
        row.account = entry.origin.account;
        row.uid = entry.origin.uid;
        row.list_size = entry.origin.list_size;
        row.state = ledger::State::prepared;
        row.proof = ledger::Proof::content;
        row.mbox = mbox.row.id;
        row.start = at;
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
        row.id = ledger.messages.insert(row);
        at = row.end();
        intent.rows.push_back(std::move(row));
    }
    transaction.commit();
    return intent;
}

void append(const OpenMbox& mbox, const Intent& intent, const Portion& portion) {
    const std::string_view pad = intent.pad;
    file::write_at(mbox.fd, intent.begin, {&pad, 1}, mbox.path);
    std::uint64_t at = intent.begin + pad.size();
    portion.each_piece([&](std::span<const std::string_view> pieces) {
        file::write_at(mbox.fd, at, pieces, mbox.path);
        for (const std::string_view piece : pieces) at += piece.size();
    });
    file::sync_content(mbox.fd, mbox.path);
    // The name of a new file is durable only after this.
    if (intent.begin == 0) file::sync_directory(file::parent_of(mbox.path));
}

void compare(const OpenMbox& mbox, const Intent& intent, const Portion& portion) {
    file::forget_cached(mbox.fd, intent.begin, intent.end() - intent.begin);
    std::vector<char> buffer(std::size_t{256} * 1024);
    std::uint64_t at = intent.begin;
    std::string_view there;  // read, and not compared yet
    const auto check = [&](std::span<const std::string_view> pieces) {
        for (std::string_view piece : pieces) {
            while (!piece.empty()) {
                if (there.empty()) {
                    const std::size_t want = std::min<std::uint64_t>(buffer.size(), intent.end() - at);
                    there = {buffer.data(), file::read_at(mbox.fd, at, {buffer.data(), want}, mbox.path)};
                    at += there.size();
                }
                const std::size_t size = std::min(there.size(), piece.size());
                if (size == 0 || piece.substr(0, size) != there.substr(0, size))
                    throw Error(Category::io, "what was written is not what can be read back")
                        .at(mbox.path)
                        .next("check the disk before you run again; nothing was deleted from the server");
                there.remove_prefix(size);
                piece.remove_prefix(size);
            }
        }
    };
    const std::string_view pad = intent.pad;
    check({&pad, 1});
    portion.each_piece(check);
}

// A write or sync failed. Nothing of the batch counts, so nothing of it should stay; if cutting fails as
// well, the next reconcile does it.
void take_back(const OpenMbox& mbox, const Intent& intent) noexcept {
    try {
        file::truncate(mbox.fd, intent.begin, mbox.path);
    } catch (const std::exception&) {
    }
}

std::vector<ledger::Id> record(ledger::Ledger& ledger, OpenMbox& mbox, Intent& intent) {
    std::vector<ledger::Id> ids;
    take_fingerprint(mbox.row, mbox.fd, mbox.path, intent.end());
    ledger::Transaction transaction = ledger.transaction();
    for (const ledger::Message& row : intent.rows) {
        if (row.replaces) ledger.messages.remove_missing(*row.replaces);
        ledger.messages.archive(row.id);
        ids.push_back(row.id);
    }
    ledger.mboxes.update(mbox.row);
    transaction.commit();
    return ids;
}

}  // namespace

std::vector<ledger::Id> commit_batch(Archive& archive, const std::string& relative_path, const Batch& batch,
                                     std::span<const Batch::Entry> entries) {
    const Portion portion{.batch = batch, .entries = entries};
    ledger::Ledger& ledger = archive.ledger();
    OpenMbox mbox = open_mbox(archive, relative_path, true).value();
    reconcile(archive, mbox);
    Intent intent = prepare(ledger, mbox, portion);
    try {
        append(mbox, intent, portion);
        compare(mbox, intent, portion);
    } catch (...) {
        take_back(mbox, intent);
        throw;
    }
    return record(ledger, mbox, intent);
}

}  // namespace popkeep::archive
