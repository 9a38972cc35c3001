#include "archive/rescan.hpp"

#include <vector>

#include "archive/fingerprint.hpp"
#include "archive/match.hpp"
#include "archive/rewrite.hpp"
#include "base/clock.hpp"
#include "file/directory.hpp"
#include "file/durable.hpp"
#include "mbox/scanner.hpp"

namespace popkeep::archive {
namespace {

ledger::Message unclaimed(const mbox::Found& found, ledger::Id mbox) {
    const message::Facts& facts = found.facts;
    ledger::Message row;
    row.state = ledger::State::unclaimed;
    row.mbox = mbox;
    row.start = found.start;
    row.length = found.length;
    row.content = facts.content;
    row.header = facts.header;
    row.stripped = facts.stripped;
    row.size = facts.size;
    row.lines = facts.lines;
    row.archived_at = now();
    return row;
}

// A row whose bytes stand at a place. What was prepared or missing is archived again. Returns true if it was
// missing.
bool place(ledger::Messages& messages, const Matcher::Match& match) {
    ledger::Message row = messages.find(match.id).value();
    const bool was_missing = row.state == ledger::State::missing;
    row.start = match.start;
    row.length = match.length;
    row.edited = match.edited;
    row.refetch = false;
    row.postmark.reset();
    if (row.state == ledger::State::prepared && row.replaces) messages.remove(*row.replaces);
    row.replaces.reset();
    if (row.account) row.state = ledger::State::archived;
    messages.update(row);
    return was_missing;
}

// A row without bytes. Returns true if an account lost a message by it.
bool lose(ledger::Messages& messages, ledger::Id id, bool refetch) {
    ledger::Message row = messages.find(id).value();
    // An intent that came to nothing, or bytes that nobody had claimed: there is nothing to remember.
    if (row.state == ledger::State::prepared || row.state == ledger::State::unclaimed) {
        messages.remove(id);
        return false;
    }
    if (row.state == ledger::State::missing) return false;
    row.state = ledger::State::missing;
    row.refetch = refetch;
    messages.update(row);
    return true;
}

}  // namespace

Rescanned rescan(Archive& archive, OpenMbox& mbox, std::uint64_t from) {
    ledger::Ledger& ledger = archive.ledger();
    const auto size = static_cast<std::uint64_t>(file::stat_of(mbox.fd, mbox.path).st_size);
    Rescanned result;
    Matcher matcher;
    mbox::scan(
        mbox.fd, mbox.path, from, size, [&](const mbox::Found& found) { matcher.add_found(found); },
        [&](std::uint64_t, std::uint64_t length) { result.junk += length; });
    ledger.messages.each_in(mbox.row.id, [&](const ledger::Message& row) {
        if (row.end() > from || row.state == ledger::State::missing) matcher.add_row(row);
    });
    matcher.settle();

    // Another program's bytes may not have reached the disk yet, and a row says that they have. What was
    // prepared is written anew: after a failed sync the cache may hold what the disk doesn't.
    for (const Matcher::Match& match : matcher.matches()) {
        if (ledger.messages.find(match.id)->state == ledger::State::prepared)
            rewrite_in_place(mbox.fd, mbox.path, match.start, match.length);
    }
    file::sync_content(mbox.fd, mbox.path);
    file::sync_directory(file::parent_of(mbox.path));

    const bool cut_short = matcher.matches().empty() && matcher.unmatched_found().size() <= 1;
    ledger::Transaction transaction = ledger.transaction();
    for (const Matcher::Match& match : matcher.matches())
        result.restored += place(ledger.messages, match) ? 1U : 0U;
    for (const mbox::Found& found : matcher.unmatched_found())
        ledger.messages.insert(unclaimed(found, mbox.row.id));
    for (const ledger::Id id : matcher.unmatched_rows())
        result.missing += lose(ledger.messages, id, cut_short) ? 1U : 0U;
    result.found_again = matcher.matches().size();
    result.adopted = matcher.unmatched_found().size();
    take_fingerprint(mbox.row, mbox.fd, mbox.path, size);
    ledger.mboxes.update(mbox.row);
    ledger.accounts.unsettle(std::nullopt);
    transaction.commit();
    return result;
}

Rescanned forget_file(Archive& archive, ledger::Mbox& row) {
    ledger::Ledger& ledger = archive.ledger();
    std::vector<ledger::Id> ids;
    ledger.messages.each_in(row.id, [&](const ledger::Message& message) { ids.push_back(message.id); });
    Rescanned result;
    ledger::Transaction transaction = ledger.transaction();
    for (const ledger::Id id : ids) result.missing += lose(ledger.messages, id, false) ? 1U : 0U;
    row = {.id = row.id, .path = row.path, .size = 0, .inode = 0, .mtime_ns = 0, .edges = sha256("")};
    ledger.mboxes.update(row);
    ledger.accounts.unsettle(std::nullopt);
    transaction.commit();
    return result;
}

}  // namespace popkeep::archive
