#include "archive/open_mbox.hpp"

#include <fcntl.h>

#include <algorithm>
#include <chrono>

#include "base/error.hpp"
#include "file/directory.hpp"
#include "file/durable.hpp"
#include "file/identity.hpp"

namespace popkeep::archive {
namespace {

constexpr std::chrono::seconds patience{60};
constexpr int most_attempts = 10;

bool same_file(const file::Fd& fd, const std::string& path) {
    return file::identity_at(path) == file::Identity(file::stat_of(fd, path));
}

ledger::Mbox entered(ledger::Ledger& ledger, const std::string& relative) {
    if (auto known = ledger.mboxes.find(relative)) return *known;
    ledger::Transaction transaction = ledger.transaction(ledger::Lasts::later);
    ledger::Mbox row = ledger.mboxes.enter(relative);
    transaction.commit();
    return row;
}

}  // namespace

std::uint64_t OpenMbox::size() const {
    return static_cast<std::uint64_t>(file::stat_of(fd, path).st_size);
}

std::string missing_line_breaks(const OpenMbox& mbox, std::uint64_t size) {
    if (size == 0) return {};
    std::string last(static_cast<std::size_t>(std::min<std::uint64_t>(3, size)), '\0');
    file::read_at(mbox.fd, size - last.size(), last, mbox.path);
    if (last.ends_with("\n\n") || last.ends_with("\n\r\n") || last == "\n") return {};
    return last.ends_with("\n") ? "\n" : "\n\n";
}

void must_end_at(const OpenMbox& mbox, std::uint64_t size) {
    if (mbox.size() == size) return;
    throw Error(Category::temporary, "another program writes to the mbox without locking it")
        .at(mbox.path)
        .next("nothing is lost; let it lock the mbox by fcntl or a .lock file, and run again");
}

std::optional<OpenMbox> open_mbox(Archive& archive, const std::string& relative, bool create) {
    ledger::Ledger& ledger = archive.ledger();
    archive.enter_run();
    OpenMbox mbox;
    mbox.path = archive.path_of(relative);
    file::must_stay_below(archive.directory(), relative);
    const auto is_our_dead = [&](pid_t pid) { return ledger.servers.is_our_dead(pid); };
    for (int attempt = 1;; ++attempt) {
        ledger.must_stand();
        mbox.fd = file::open_if_there(mbox.path, O_RDWR);
        if (!mbox.fd) {
            if (!create) return std::nullopt;
            file::make_directories(archive.directory(), file::parent_of(relative));
            mbox.fd = file::open_regular(mbox.path, O_RDWR | O_CREAT);
            mbox.created = true;
        }
        mbox.lock.emplace(mbox::Lock::exclusive(mbox.fd, mbox.path, patience, is_our_dead));
        // Another program may have replaced the file while we waited.
        if (same_file(mbox.fd, mbox.path)) break;
        mbox.lock.reset();
        // A file system that numbers its files anew at each look, or lets nobody look, would have us here for
        // ever.
        if (attempt == most_attempts)
            throw Error(Category::temporary, "the mbox was another file whenever its lock was had")
                .at(mbox.path)
                .next("nothing is lost; run again when no other program replaces it any more");
    }
    // Only now is it certain that both were opened in the same archive.
    ledger.must_stand();
    // Read under the lock: another run may have moved the end since.
    mbox.row = entered(ledger, relative);
    return mbox;
}

}  // namespace popkeep::archive
