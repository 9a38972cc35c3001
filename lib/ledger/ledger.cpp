#include "ledger/ledger.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include "base/error.hpp"
#include "file/directory.hpp"
#include "file/durable.hpp"
#include "ledger/migrations.hpp"

namespace popkeep::ledger {
namespace {

Database::Mode mode_of(const std::string& path, Access access) {
    if (access == Access::read) {
        if (!file::open_if_there(path, O_RDONLY))
            throw Error(Category::data, "the ledger is missing")
                .at(path)
                .next("`popkeep repair` builds it again from the mboxes");
        return Database::Mode::read;
    }
    // SQLite would make it with the umask's mode, and wouldn't sync its name.
    if (!file::open_if_there(path, O_RDWR)) {
        file::open_regular(path, O_RDWR | O_CREAT);
        file::sync_directory(file::parent_of(path));
    }
    return Database::Mode::create;
}

bool inherits_log(const std::string& path) {
    const std::string log = path + "-wal";
    const file::Fd fd = file::open_if_there(log, O_RDONLY);
    return fd && file::stat_of(fd, log).st_size > 0;
}

}  // namespace

Ledger::Ledger(const std::string& path, Access access)
    : database(path, mode_of(path, access)),
      accounts(database),
      deletions(database),
      left_behind(database),
      mboxes(database),
      memos(database),
      messages(database),
      refusals(database),
      servers(database),
      opened_(file::identity_at(path)) {
    migrate(database, access == Access::write);
    // A log left by a run that died after a failed sync may stand in the cache only, and what is added to it
    // would be lost with it. Copied into the database now, its content is durable.
    if (access == Access::write && inherits_log(path)) database.execute("PRAGMA wal_checkpoint(PASSIVE)");
}

void Ledger::must_stand() const {
    if (file::identity_at(database.path()) == opened_) return;
    throw Error(Category::io, "the archive was moved, replaced or unmounted while it was in use")
        .at(database.path())
        .next(
            "run again when the right one is in its place; what was archived so far stands in the one that "
            "was used");
}

std::string Ledger::integrity() {
    Query q = database.query("PRAGMA integrity_check(1)");
    if (q.step() && q.text(0) != "ok") {
        const std::string problem = q.text(0);
        // It tells of a page that the disk didn't give in the same words as of a damaged one.
        database.must_have_been_readable();
        return problem;
    }
    Query orphan = database.query("PRAGMA foreign_key_check");
    if (orphan.step())
        return fmt::format("row {} of {} belongs to no {}", orphan.integer(1), orphan.text(0),
                           orphan.text(2));
    mboxes.all();
    deletions.each({}, [](const Deletion&) {});
    return {};
}

}  // namespace popkeep::ledger
