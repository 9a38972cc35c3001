#include "archive/ledger_lock.hpp"

#include <chrono>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "file/folder_lock.hpp"

namespace popkeep::archive {
namespace {

constexpr std::chrono::seconds patience{60};

// Nothing if it isn't wanted any more.
file::Fd lock(const std::string& folder, file::Locked how, const char* why_not,
              const std::function<bool()>& wanted) {
    const Deadline deadline = Deadline::in(patience);
    return file::lock_folder(folder, how, [&] {
        if (deadline.passed())
            throw Error(Category::temporary, why_not).at(folder).next("wait until it has finished");
        interrupt::pause(std::chrono::seconds(1));
        return !wanted();
    });
}

}  // namespace

file::Fd share_ledger(const std::string& folder) {
    const auto always = [] { return true; };
    return lock(folder, file::Locked::shared, "another popkeep is building the archive's ledger again",
                always);
}

file::Fd have_ledger_alone(const std::string& folder, const std::function<bool()>& wanted) {
    return lock(folder, file::Locked::alone,
                "the ledger has to be built again, and another popkeep is at work in this archive", wanted);
}

}  // namespace popkeep::archive
