#include "archive/reconcile.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include "archive/fingerprint.hpp"
#include "archive/prepared.hpp"
#include "archive/rescan.hpp"
#include "archive/standing.hpp"
#include "base/text.hpp"
#include "file/directory.hpp"
#include "file/durable.hpp"

namespace popkeep::archive {
namespace {

// Of a file that is shorter than committed: up to where its messages are still those committed. Where one
// that would fit doesn't stand, the file was edited or replaced, and nothing is taken for granted.
std::uint64_t intact_until(Archive& archive, const OpenMbox& mbox) {
    const std::uint64_t size = mbox.size();
    std::uint64_t end = 0;
    bool edited = false;
    archive.ledger().messages.each_in(mbox.row.id, [&](const ledger::Message& row) {
        const bool has_bytes = row.state == ledger::State::archived || row.state == ledger::State::unclaimed;
        if (edited || !has_bytes || row.end() > size) return;
        edited = standing(mbox.fd, mbox.path, row) == Standing::no;
        end = row.end();
    });
    return edited ? 0 : end;
}

void tell(Archive& archive, const ledger::Mbox& mbox, const Rescanned& result) {
    if (result.missing > 0)
        archive.warn(
            fmt::format("{}: the file was changed by another program or restored; {} of it {} missing now. "
                        "Messages that were cut off are fetched again if the server lists them; for "
                        "others see `popkeep repair`",
                        mbox.path, counted_messages(result.missing), result.missing == 1 ? "is" : "are"));
    if (result.adopted > 0)
        archive.note(fmt::format("{}: another program added {}; they were entered in the ledger", mbox.path,
                                 counted_messages(result.adopted)));
    if (result.junk > 0)
        archive.note(fmt::format("{}: {} that belong to no message were left alone", mbox.path,
                                 counted(result.junk, "byte", "bytes")));
}

}  // namespace

void reconcile(Archive& archive, OpenMbox& mbox) {
    ledger::Ledger& ledger = archive.ledger();
    const auto prepared = ledger.messages.prepared_in(mbox.row.id);
    if (prepared.empty() && untouched(mbox.row, file::stat_of(mbox.fd, mbox.path))) return;

    const std::uint64_t size = mbox.size();
    // Where we made the file, another program may have been faster to get its lock.
    if (mbox.created && size == 0) {
        if (mbox.row.size > 0 || !prepared.empty()) tell(archive, mbox.row, forget_file(archive, mbox.row));
        return;
    }
    const bool possible = is_one_append(mbox.row, prepared);
    if (possible && size >= mbox.row.size && edges_of(mbox.fd, mbox.path, mbox.row.size) == mbox.row.edges) {
        if (!prepared.empty()) settle_prepared(archive, mbox, prepared);
        if (mbox.size() > mbox.row.size) {
            tell(archive, mbox.row, rescan(archive, mbox, mbox.row.size));
        } else if (mbox.row.size > 0) {
            // Only the file's date or number changed; a copy that was put in its place may not be on the disk
            // yet.
            file::sync_content(mbox.fd, mbox.path);
            file::sync_directory(file::parent_of(mbox.path));
            take_fingerprint(mbox.row, mbox.fd, mbox.path, mbox.row.size);
            ledger::Transaction transaction = ledger.transaction();
            ledger.mboxes.update(mbox.row);
            transaction.commit();
        }
        return;
    }
    const std::uint64_t from = possible && size < mbox.row.size ? intact_until(archive, mbox) : 0;
    tell(archive, mbox.row, rescan(archive, mbox, from));
}

void reconcile_all(Archive& archive) {
    ledger::Ledger& ledger = archive.ledger();
    for (const ledger::Mbox& row : ledger.mboxes.all()) {
        const std::string path = archive.path_of(row.path);
        const file::Fd fd = file::open_if_there(path, O_RDONLY);
        if (fd && untouched(row, file::stat_of(fd, path)) && ledger.messages.prepared_ids_in(row.id).empty())
            continue;
        if (auto mbox = open_mbox(archive, row.path, false)) {
            reconcile(archive, *mbox);
        } else if (row.size > 0 || !ledger.messages.prepared_ids_in(row.id).empty()) {
            ledger::Mbox gone = row;
            tell(archive, row, forget_file(archive, gone));
        }
    }
}

}  // namespace popkeep::archive
