#include "archive/prepared.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>

#include "archive/fingerprint.hpp"
#include "archive/foreign.hpp"
#include "archive/layout.hpp"
#include "archive/rewrite.hpp"
#include "archive/standing.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "file/directory.hpp"
#include "file/durable.hpp"

namespace popkeep::archive {
namespace {

std::string bytes_at(const OpenMbox& mbox, std::uint64_t offset, std::size_t length) {
    std::string bytes(length, '\0');
    bytes.resize(file::read_at(mbox.fd, offset, bytes, mbox.path));
    return bytes;
}

// The exact bytes are known: postmark, quoted content of this digest, an empty line.
bool stands(const OpenMbox& mbox, const ledger::Message& row) {
    const std::string& postmark = row.postmark.value();
    return bytes_at(mbox, row.start, postmark.size()) == postmark &&
           standing(mbox.fd, mbox.path, row) == Standing::exact;
}

// True if every byte of the piece's beginning is what we meant to write there or was never written.
bool is_ours(const OpenMbox& mbox, std::uint64_t from, std::uint64_t end, const ledger::Message& next) {
    const std::string expected = std::string(next.start - from, '\n') + next.postmark.value();
    const std::string there = bytes_at(mbox, from, std::min<std::uint64_t>(end - from, expected.size()));
    return std::ranges::equal(there, std::string_view(expected).substr(0, there.size()),
                              [](char is, char should) { return is == should || is == '\0'; });
}

// After a sync that failed, the cache may show what the disk doesn't hold.
void adopt(const OpenMbox& mbox, const std::vector<ledger::Message>& prepared, std::size_t whole) {
    if (whole == 0) return;
    const std::uint64_t length = prepared[whole - 1].end() - mbox.row.size;
    rewrite_in_place(mbox.fd, mbox.path, mbox.row.size, length);
    file::sync_content(mbox.fd, mbox.path);
    file::forget_cached(mbox.fd, mbox.row.size, length);
    for (std::size_t i = 0; i < whole; ++i) {
        if (!stands(mbox, prepared[i]))
            throw Error(Category::io, "what was written is not what can be read back")
                .at(mbox.path)
                .next("check the disk before you run again; nothing was deleted from the server");
    }
}

void cut(Archive& archive, const OpenMbox& mbox, std::uint64_t from, std::uint64_t size) {
    const std::string name = fmt::format("{}-{}-{}", mbox.row.id, from, now());
    const std::string kept =
        set_aside(mbox.fd, mbox.path, from, size - from, archive.private_path(layout::torn), name);
    file::truncate(mbox.fd, from, mbox.path);
    archive.note(fmt::format(
        "{}: an earlier run was interrupted while it wrote; {} unfinished bytes were set aside in {}",
        mbox.row.path, size - from, kept));
}

}  // namespace

bool is_one_append(const ledger::Mbox& mbox, const std::vector<ledger::Message>& prepared) {
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    constexpr std::uint64_t longest_pad = 2;  // a foreign last message may lack two line breaks
    std::uint64_t at = mbox.size;
    return std::ranges::all_of(prepared, [&](const ledger::Message& row) {
        const std::uint64_t pad = &row == &prepared.front() ? longest_pad : 0;
        const bool fits = row.start >= at && row.start - at <= pad && row.length <= most - row.start;
        at = row.end();
        return fits && row.postmark && row.postmark->size() < row.length;
    });
}

void settle_prepared(Archive& archive, OpenMbox& mbox, const std::vector<ledger::Message>& prepared) {
    ledger::Ledger& ledger = archive.ledger();
    std::uint64_t end = mbox.row.size;
    std::size_t whole = 0;
    // The line breaks between the committed end and the first message are part of the append.
    const std::string pad = bytes_at(mbox, end, prepared.front().start - end);
    if (pad.size() == prepared.front().start - end && pad.find_first_not_of('\n') == std::string::npos) {
        while (whole < prepared.size() && stands(mbox, prepared[whole])) end = prepared[whole++].end();
    }
    const auto size = static_cast<std::uint64_t>(file::stat_of(mbox.fd, mbox.path).st_size);
    if (whole < prepared.size() && size > end) {
        const auto foreign = find_foreign_mail(mbox, end, prepared);
        const bool begins_as_ours = is_ours(mbox, end, foreign.value_or(size), prepared[whole]);
        if (begins_as_ours && foreign) part(mbox, end, *foreign);
        if (begins_as_ours && !foreign && size <= prepared.back().end()) cut(archive, mbox, end, size);
    }
    adopt(mbox, prepared, whole);
    file::sync_content(mbox.fd, mbox.path);
    file::sync_directory(file::parent_of(mbox.path));

    const bool others = static_cast<std::uint64_t>(file::stat_of(mbox.fd, mbox.path).st_size) > end;
    ledger::Transaction transaction = ledger.transaction();
    for (std::size_t i = 0; i < prepared.size(); ++i) {
        ledger::Message row = prepared[i];
        if (i >= whole) {
            if (!others) ledger.messages.remove(row.id);
            continue;
        }
        if (row.replaces) ledger.messages.remove_missing(*row.replaces);
        row.state = ledger::State::archived;
        row.postmark.reset();
        row.replaces.reset();
        ledger.messages.update(row);
    }
    take_fingerprint(mbox.row, mbox.fd, mbox.path, end);
    ledger.mboxes.update(mbox.row);
    ledger.accounts.unsettle(std::nullopt);
    transaction.commit();
}

}  // namespace popkeep::archive
