#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <vector>

#include "archive/archive.hpp"
#include "archive/layout.hpp"
#include "archive/ledger_lock.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "file/directory.hpp"
#include "file/durable.hpp"

namespace popkeep::archive {
namespace {

namespace fs = std::filesystem;

constexpr std::array companions{"-wal", "-shm"};

void remove_leftover(const std::string& path) {
    if (unlink(path.c_str()) != 0 && errno != ENOENT) throw system_error(errno, "remove", path);
}

void move(const std::string& from, const std::string& to) {
    if (rename(from.c_str(), to.c_str()) != 0 && errno != ENOENT) throw system_error(errno, "rename", from);
}

// Moves an old ledger out of the way, with what SQLite keeps beside it: a new one must not take that for its
// own. The old one keeps its name as well until the new one takes it. Returns where, or nothing.
std::string set_ledger_aside(const std::string& folder, const std::string& ledger) {
    if (!fs::exists(ledger) && !fs::exists(ledger + companions[0])) return {};
    std::string name = fmt::format("damaged-{}", now());
    for (int twin = 2; fs::exists(fmt::format("{}/{}", folder, name)); ++twin)
        name = fmt::format("damaged-{}-{}", now(), twin);
    file::make_directories(folder, name);
    std::string target = fmt::format("{}/{}/{}", folder, name, layout::ledger);
    for (const char* suffix : companions) move(ledger + suffix, target + suffix);
    // Without hard links, a kill right here leaves the archive without a ledger, which is built again then.
    if (link(ledger.c_str(), target.c_str()) != 0) move(ledger, target);
    file::sync_directory(file::parent_of(target));
    return target;
}

// A process that was killed while it built this one may have left a lock, which these tell from another
// program's.
std::vector<ledger::Run> runs_in_leftover(const std::string& path) {
    std::error_code problem;
    try {
        if (fs::exists(path, problem)) return ledger::Ledger(path, ledger::Access::read).servers.runs();
    } catch (const Error&) {
        // Killed before it held any.
    }
    return {};
}

void enter_runs(ledger::Ledger& ledger, const std::vector<ledger::Run>& runs) {
    ledger::Transaction transaction = ledger.transaction(ledger::Lasts::later);
    for (const ledger::Run& run : runs) ledger.servers.enter(run);
    transaction.commit();
}

}  // namespace

std::string Archive::rebuild(const std::string& directory, const std::function<bool()>& wanted,
                             const std::function<void(Archive&)>& fill) {
    const std::string folder = fmt::format("{}/{}", directory, layout::private_folder);
    const std::string ledger = fmt::format("{}/{}", folder, layout::ledger);
    const std::string fresh = ledger + ".new";
    const file::Fd lock = have_ledger_alone(folder, wanted);
    if (!lock || !wanted()) return {};
    const std::vector<ledger::Run> runs = runs_in_leftover(fresh);
    remove_leftover(fresh);
    for (const char* suffix : companions) remove_leftover(fresh + suffix);
    {
        Archive archive(directory, std::make_unique<ledger::Ledger>(fresh, ledger::Access::write));
        enter_runs(archive.ledger(), runs);
        fill(archive);
    }
    // SQLite removes it when everything in it has reached the ledger.
    if (fs::exists(fresh + companions[0]))
        throw Error(Category::io, "the new ledger couldn't be completed")
            .at(fresh)
            .next("check the disk, then run again");
    std::string aside = set_ledger_aside(folder, ledger);
    move(fresh, ledger);
    file::sync_directory(folder);
    return aside;
}

}  // namespace popkeep::archive
