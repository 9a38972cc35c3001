#include "archive/rescan.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "archive/fingerprint.hpp"
#include "archive/in_place.hpp"
#include "archive/match.hpp"
#include "archive/moved.hpp"
#include "archive/rewrite.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "file/directory.hpp"
#include "file/durable.hpp"
#include "mbox/find_from.hpp"
#include "mbox/scanner.hpp"
#include "message/retriever.hpp"

namespace popkeep::archive {
namespace {

// What another program's message looked like on the server, if the program put fields on top.
std::optional<message::Original> original_of(const OpenMbox& mbox, const mbox::Found& found) {
    constexpr std::size_t most_header = std::size_t{64} * 1024;
    struct HeaderEnded {};
    std::string head;
    try {
        mbox::read_message(mbox.fd, mbox.path, found.start, found.length, [&](std::string_view bytes) {
            head += bytes.substr(0, most_header - head.size());
            if (head.size() == most_header || head.find("\n\n") != std::string::npos) throw HeaderEnded();
        });
    } catch (const HeaderEnded&) {
    }
    return message::without_retriever(head);
}

ledger::Message unclaimed(const mbox::Found& found, const OpenMbox& mbox) {
    const message::Facts& facts = found.facts;
    ledger::Message row;
    row.state = ledger::State::unclaimed;
    row.mbox = mbox.row.id;
    row.start = found.start;
    row.length = found.length;
    row.content = facts.content;
    row.header = facts.header;
    row.stripped = facts.stripped;
    row.size = facts.size;
    row.lines = facts.lines;
    row.archived_at = now();
    // By header and size it is recognised on the server: without what a retriever put on top, and without
    // what a reader noted.
    std::uint64_t size = facts.size - facts.readers_size, lines = facts.lines - facts.readers_lines;
    const auto original = original_of(mbox, found);
    if (original) {
        row.header = original->header;
        size -= original->bytes;
        lines -= original->lines;
    }
    if (original || facts.stripped) row.list_size = size + lines;
    return row;
}

// A row whose bytes stand at a place. What was prepared or missing is archived again. Returns true if it was
// missing; `replaced` gets the missing row that it makes good.
bool place(ledger::Messages& messages, const Matcher::Match& match, std::vector<ledger::Id>& replaced) {
    auto there = messages.find(match.id);
    if (!there)
        throw Error(Category::temporary, "another run changed the archive's ledger at the same time")
            .next("nothing is lost: the next run looks again");
    ledger::Message row = *std::move(there);
    const bool was_missing = row.state == ledger::State::missing;
    row.start = match.start;
    row.length = match.length;
    row.edited = match.edited;
    row.refetch = false;
    row.postmark.reset();
    if (row.replaces) replaced.push_back(*row.replaces);
    row.replaces.reset();
    if (row.account) row.state = ledger::State::archived;
    messages.update(row);
    return was_missing;
}

// A row without bytes. Returns true if an account lost a message by it.
bool lose(ledger::Messages& messages, ledger::Id id, bool refetch) {
    auto there = messages.find(id);
    if (!there) return false;
    ledger::Message row = *std::move(there);
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

// Where a file's zeroes at its end begin: blocks that a power cut left unwritten are no part of the last
// message.
std::uint64_t without_zeroes(const OpenMbox& mbox, std::uint64_t from, std::uint64_t end) {
    std::vector<char> block(std::size_t{64} * 1024);
    while (end > from) {
        const std::uint64_t start = end - std::min<std::uint64_t>(block.size(), end - from);
        const std::size_t got = file::read_at(mbox.fd, start, {block.data(), end - start}, mbox.path);
        const auto last = std::string_view(block.data(), got).find_last_not_of('\0');
        if (last != std::string_view::npos) return start + last + 1;
        end = start;
    }
    return end;
}

// Where the beginning of a postmark begins that a power cut left at the end: it is no part of the last
// message, and no message yet.
std::uint64_t without_torn_postmark(const OpenMbox& mbox, std::uint64_t from, std::uint64_t end) {
    constexpr std::uint64_t longest = 1000;
    const std::uint64_t start = end - std::min(longest, end);
    std::string block(end - start, '\0');
    block.resize(file::read_at(mbox.fd, start, block, mbox.path));
    const std::string_view text = block;
    const std::string_view line = text.substr(text.rfind('\n') + 1);
    const bool begins =
        end - line.size() == from || text.substr(0, text.size() - line.size()).ends_with("\n\n");
    const bool torn = line.starts_with(mbox::from) || mbox::from.starts_with(line);
    return begins && torn && end - line.size() >= from ? end - line.size() : end;
}

struct Scanned {
    std::uint64_t end = 0;  // what stands behind it came meanwhile
    bool open_end = false;  // the last message lacked its empty line
};

// The messages from `from` on. The last one gets the empty line that it may lack, so that each has the form
// in which it can be read back.
Scanned find_messages(const OpenMbox& mbox, std::uint64_t from, Matcher& matcher, Rescanned& result) {
    std::optional<mbox::Found> last;
    const auto found = [&](const mbox::Found& next) {
        if (last) matcher.add_found(std::move(*last));
        last = next;
    };
    const auto junk = [&](std::uint64_t, std::uint64_t length) { result.junk += length; };
    const std::uint64_t size = mbox.size();
    const std::uint64_t end = without_torn_postmark(mbox, from, without_zeroes(mbox, from, size));
    result.junk += size - end;
    mbox::scan(mbox.fd, mbox.path, from, end, found, junk);
    Scanned scanned{.end = size, .open_end = last && !last->closed};
    if (scanned.open_end) {
        result.junk -= size - end;
        const std::string breaks = missing_line_breaks(mbox, size);
        const std::string_view piece = breaks;
        must_end_at(mbox, size);
        file::write_at(mbox.fd, size, {&piece, 1}, mbox.path);
        mbox::scan(
            mbox.fd, mbox.path, last->start, size + breaks.size(),
            [&](const mbox::Found& whole) { last = whole; }, junk);
        scanned.end += breaks.size();
    }
    if (last) matcher.add_found(std::move(*last));
    return scanned;
}

// True if the lost messages were cut off and not removed: nothing stands in their place but, perhaps, the
// beginning of the first one.
bool were_cut_off(ledger::Messages& messages, const Matcher& matcher, bool open_end) {
    const auto& found = matcher.unmatched_found();
    if (!matcher.matches().empty() || found.size() > 1) return false;
    if (found.empty()) return true;
    return std::ranges::any_of(matcher.unmatched_rows(), [&](ledger::Id id) {
        const ledger::Message row = messages.find(id).value();
        return row.start == found[0].start && (open_end || row.header == found[0].facts.header);
    });
}

}  // namespace

Rescanned rescan(Archive& archive, OpenMbox& mbox, std::uint64_t from) {
    ledger::Ledger& ledger = archive.ledger();
    Rescanned result;
    Matcher matcher;
    // What is entered in the ledger must be on the disk, and after a sync that failed the cache may show what
    // isn't.
    file::sync_content(mbox.fd, mbox.path);
    file::sync_directory(file::parent_of(mbox.path));
    file::forget_cached(mbox.fd, from, mbox.size() - from);
    const Scanned scanned = find_messages(mbox, from, matcher, result);
    ledger.messages.each_in(mbox.row.id, [&](const ledger::Message& row) {
        if (row.end() > from || row.state == ledger::State::missing) matcher.add_row(row);
    });
    matcher.settle();
    settle_in_place(matcher, ledger.messages, mbox.fd, mbox.path,
                    [&](std::uint64_t, std::uint64_t length) { result.junk += length; });

    // What was prepared is written anew: file systems that ignore the advice still show the cache.
    for (const Matcher::Match& match : matcher.matches()) {
        const auto row = ledger.messages.find(match.id);
        if (row && row->state == ledger::State::prepared)
            rewrite_in_place(mbox.fd, mbox.path, match.start, match.length);
    }
    file::sync_content(mbox.fd, mbox.path);

    const bool cut_off = were_cut_off(ledger.messages, matcher, scanned.open_end);
    ledger::Transaction transaction = ledger.transaction();
    std::vector<ledger::Id> replaced;
    for (const Matcher::Match& match : matcher.matches())
        result.restored += place(ledger.messages, match, replaced) ? 1U : 0U;
    std::vector<ledger::Id> adopted;
    std::vector<ledger::Id> lost;
    for (const mbox::Found& found : matcher.unmatched_found())
        adopted.push_back(ledger.messages.insert(unclaimed(found, mbox)));
    for (const ledger::Id id : matcher.unmatched_rows()) {
        if (lose(ledger.messages, id, cut_off)) lost.push_back(id);
    }
    // Last, and only if they are missing still: their bytes may have come back as well.
    for (const ledger::Id id : replaced) ledger.messages.remove_missing(id);
    const auto tied = follow_moved(ledger.messages);
    const auto is_free = [&](ledger::Id id) { return !tied.contains(id); };
    result.adopted = static_cast<std::uint64_t>(std::ranges::count_if(adopted, is_free));
    result.missing = static_cast<std::uint64_t>(std::ranges::count_if(lost, is_free));
    result.restored += adopted.size() - result.adopted;
    result.found_again = matcher.matches().size() + adopted.size() - result.adopted;
    take_fingerprint(mbox.row, mbox.fd, mbox.path, scanned.end);
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
    std::erase_if(ids, [&](ledger::Id id) { return !lose(ledger.messages, id, false); });
    const auto tied = follow_moved(ledger.messages);
    result.missing = ids.size() - static_cast<std::uint64_t>(std::ranges::count_if(
                                      ids, [&](ledger::Id id) { return tied.contains(id); }));
    row = {.id = row.id, .path = row.path, .size = 0, .inode = 0, .mtime_ns = 0, .edges = sha256("")};
    ledger.mboxes.update(row);
    ledger.accounts.unsettle(std::nullopt);
    transaction.commit();
    return result;
}

}  // namespace popkeep::archive
