#include "archive/ledger_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <chrono>
#include <utility>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/interrupt.hpp"

namespace popkeep::archive {
namespace {

constexpr std::chrono::seconds patience{60};

std::optional<file::Fd> lock(const std::string& folder, int how, const char* why_not,
                             const std::function<bool()>& wanted) {
    file::Fd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd) throw system_error(errno, "open the folder", folder);
    const Deadline deadline = Deadline::in(patience);
    while (flock(fd.get(), how | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) throw system_error(errno, "lock", folder);
        if (deadline.passed())
            throw Error(Category::temporary, why_not).at(folder).next("wait until it has finished");
        interrupt::pause(std::chrono::seconds(1));
        if (!wanted()) return {};
    }
    // Who had it meanwhile may have done it.
    return wanted() ? std::optional(std::move(fd)) : std::nullopt;
}

}  // namespace

file::Fd share_ledger(const std::string& folder) {
    const auto always = [] { return true; };
    return *lock(folder, LOCK_SH, "another popkeep is building the archive's ledger again", always);
}

std::optional<file::Fd> have_ledger_alone(const std::string& folder, const std::function<bool()>& wanted) {
    return lock(folder, LOCK_EX,
                "the ledger has to be built again, and another popkeep is at work in this archive", wanted);
}

}  // namespace popkeep::archive
