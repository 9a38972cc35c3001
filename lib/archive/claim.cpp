#include "archive/claim.hpp"

#include <fcntl.h>

#include "archive/standing.hpp"
#include "base/error.hpp"
#include "file/durable.hpp"

namespace popkeep::archive {
namespace {

// Numbers of rows that are gone are given again.
ledger::Message still_to_be_had(Archive& archive, ledger::Id account, const Claim& claim) {
    std::optional<ledger::Message> row = archive.ledger().messages.find(claim.row);
    if (row && row->header == claim.header && row->account.value_or(account) == account &&
        row->state != ledger::State::missing)
        return *std::move(row);
    throw Error(Category::temporary,
                "a message that this run had found in the archive was taken or removed meanwhile")
        .at(archive.directory())
        .next("nothing is lost: the next run looks again");
}

// What the server sent is the content. Of a message whose content is known already, a server may have written
// status fields since, as readers do.
void take_over(ledger::Message& row, const Wire& wire, bool known) {
    row.bare_lf = wire.bare_lf;
    if (known) return;
    row.edited = row.edited || row.content != wire.content;
    row.content = wire.content;
    row.stripped = wire.stripped;
    row.size = wire.size;
    row.lines = wire.lines;
}

}  // namespace

void claim(Archive& archive, ledger::Id account, std::span<const Claim> claims) {
    if (claims.empty()) return;
    ledger::Ledger& ledger = archive.ledger();
    ledger::Transaction transaction = ledger.transaction();
    for (const Claim& claim : claims) {
        ledger::Message row = still_to_be_had(archive, account, claim);
        // Under another UID it may be another message with the same header and size.
        const bool proven =
            row.account == account && row.proof == ledger::Proof::content && row.uid && row.uid == claim.uid;
        row.account = account;
        row.uid = claim.uid;
        row.list_size = claim.list_size;
        row.state = ledger::State::archived;
        row.proof = proven || claim.wire ? ledger::Proof::content : ledger::Proof::header;
        if (claim.wire) take_over(row, *claim.wire, proven);
        ledger.messages.update(row);
        ledger.deletions.still_listed(row.id);
    }
    transaction.commit();
}

void distrust(Archive& archive, std::span<const ledger::Id> ids) {
    if (ids.empty()) return;
    ledger::Ledger& ledger = archive.ledger();
    ledger::Transaction transaction = ledger.transaction();
    for (const ledger::Id id : ids) {
        ledger::Message row = ledger.messages.find(id).value();
        row.proof = ledger::Proof::header;
        ledger.messages.update(row);
    }
    transaction.commit();
}

bool provable(Archive& archive, const ledger::Message& row) {
    if (row.state != ledger::State::archived) return false;
    const auto mbox = archive.ledger().mboxes.find(row.mbox);
    if (!mbox) return false;
    const std::string path = archive.path_of(mbox->path);
    const file::Fd fd = file::open_if_there(path, O_RDONLY);
    if (!fd) return false;
    file::forget_cached(fd, row.start, row.length);
    return standing(fd, path, row) != Standing::no;
}

}  // namespace popkeep::archive
