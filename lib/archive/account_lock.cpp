#include "archive/account_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <cerrno>

#include "base/error.hpp"
#include "file/durable.hpp"

namespace popkeep::archive {

AccountLock::AccountLock(const Archive& archive, ledger::Id account, std::string_view name) {
    const std::string path = archive.private_path(fmt::format("account-{}.lock", account));
    fd_ = file::open_regular(path, O_RDWR | O_CREAT);
    if (flock(fd_.get(), LOCK_EX | LOCK_NB) == 0) return;
    if (errno != EWOULDBLOCK) throw system_error(errno, "lock", path);
    throw Error(Category::temporary, "another popkeep is fetching this account right now")
        .at(name)
        .next("wait until it has finished");
}

}  // namespace popkeep::archive
