#include "archive/repair.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <optional>

#include "archive/adopt.hpp"
#include "archive/fingerprint.hpp"
#include "archive/layout.hpp"
#include "archive/open_mbox.hpp"
#include "archive/reconcile.hpp"
#include "archive/rescan.hpp"
#include "archive/salvage.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "file/directory.hpp"
#include "file/durable.hpp"

namespace popkeep::archive {
namespace {

std::string private_folder(const std::string& directory) {
    return fmt::format("{}/{}", directory, layout::private_folder);
}

std::string ledger_path(const std::string& directory) {
    return fmt::format("{}/{}", private_folder(directory), layout::ledger);
}

// What is wrong with the ledger, if anything.
std::optional<std::string> damage(const std::string& path) {
    try {
        ledger::Ledger ledger(path, ledger::Access::write);
        const std::string problem = ledger.integrity();
        return problem.empty() ? std::nullopt : std::optional(problem);
    } catch (const Error& error) {
        // A newer or a busy ledger isn't damaged, and a failing disk isn't mended by this.
        const bool damaged =
            error.category() == Category::data && error.next().find("newer") == std::string::npos;
        if (!damaged && error.category() != Category::software) throw;
        return error.said().empty() ? error.sentence() : error.said();
    }
}

// Moves the ledger's files out of the way, whole, for whoever wants to look at them.
std::string set_ledger_aside(const std::string& directory) {
    const std::string folder = fmt::format("damaged-{}", now());
    file::make_directories(private_folder(directory), folder);
    const std::string target = fmt::format("{}/{}/{}", private_folder(directory), folder, layout::ledger);
    for (const char* suffix : {"-wal", "-shm", ""}) {
        const std::string from = ledger_path(directory) + suffix;
        if (rename(from.c_str(), (target + suffix).c_str()) != 0 && errno != ENOENT)
            throw system_error(errno, "move the damaged ledger", from);
    }
    file::sync_directory(file::parent_of(target));
    file::sync_directory(private_folder(directory));
    return target;
}

void rebuild_ledger(const std::string& directory, const std::string& problem, Repaired& result) {
    const std::string aside = set_ledger_aside(directory);
    ledger::Ledger fresh(ledger_path(directory), ledger::Access::write);
    const Salvaged salvaged = salvage(aside, fresh);
    result.done.push_back(
        fmt::format("the ledger was damaged ({}); it was set aside as {} and built again, with {} and {} "
                    "carried over",
                    printable(problem), aside, counted(salvaged.messages, "UID", "UIDs"),
                    counted(salvaged.receipts, "receipt", "receipts")));
}

void scan_everything(Archive& archive, Repaired& result) {
    reconcile_all(archive);
    for (const ledger::Mbox& row : archive.ledger().mboxes.all()) {
        auto mbox = open_mbox(archive, row.path, false);
        if (!mbox) continue;
        reconcile(archive, *mbox);
        const Rescanned rescanned = rescan(archive, *mbox, 0);
        result.adopted += rescanned.adopted;
        if (rescanned.adopted + rescanned.restored + rescanned.missing + rescanned.junk > 0)
            result.done.push_back(
                fmt::format("{}: {} messages stand, {} of them found again; {} without an account were "
                            "entered, {} are missing now",
                            row.path, rescanned.found_again + rescanned.adopted, rescanned.restored,
                            rescanned.adopted, rescanned.missing));
    }
    if (const std::uint64_t adopted = adopt_mboxes(archive)) {
        result.adopted += adopted;
        result.done.push_back(fmt::format("{} in mboxes that the ledger didn't know were entered",
                                          counted(adopted, "message", "messages")));
    }
    for (const std::string& note : archive.take_notes()) result.done.push_back(note);
}

Repaired planned(const std::string& directory) {
    Repaired result;
    if (!file::open_if_there(ledger_path(directory), O_RDONLY)) {
        result.done.emplace_back("the ledger is missing and would be built again from the mboxes");
        return result;
    }
    Archive archive = Archive::open(directory, Access::read);
    if (const std::string problem = archive.ledger().integrity(); !problem.empty())
        result.done.push_back(
            fmt::format("the ledger is damaged ({}) and would be built again", printable(problem)));
    for (const ledger::Mbox& row : archive.ledger().mboxes.all()) {
        const std::string path = archive.path_of(row.path);
        const file::Fd fd = file::open_if_there(path, O_RDONLY);
        if (!fd && row.size > 0)
            result.done.push_back(
                fmt::format("{}: the file is gone; its messages would be missing", row.path));
        if (fd && !untouched(row, file::stat_of(fd, path)))
            result.done.push_back(
                fmt::format("{}: changed by another program; it would be read again", row.path));
    }
    for (const std::string& path : unknown_mboxes(archive))
        result.done.push_back(fmt::format("{}: unknown so far; its messages would be entered", path));
    result.missing = archive.ledger().messages.counts(std::nullopt).missing;
    return result;
}

}  // namespace

Repaired repair(const std::string& directory, const RepairOptions& options) {
    if (!Archive::is_one(directory)) Archive::open(directory, Access::read);  // says why not
    if (options.dry_run) return planned(directory);
    Repaired result;
    if (file::open_if_there(ledger_path(directory), O_RDONLY)) {
        if (const auto problem = damage(ledger_path(directory))) rebuild_ledger(directory, *problem, result);
    }
    Archive archive = Archive::open(directory, Access::write);
    scan_everything(archive, result);
    if (options.refetch_missing) {
        ledger::Transaction transaction = archive.ledger().transaction();
        archive.ledger().messages.refetch_missing();
        archive.ledger().accounts.unsettle(std::nullopt);
        transaction.commit();
        result.done.emplace_back("missing messages will be fetched again if the server lists them");
    }
    result.missing = archive.ledger().messages.counts(std::nullopt).missing;
    return result;
}

}  // namespace popkeep::archive
