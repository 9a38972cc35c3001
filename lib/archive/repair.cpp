#include "archive/repair.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <optional>

#include "archive/adopt.hpp"
#include "archive/fingerprint.hpp"
#include "archive/layout.hpp"
#include "archive/open_mbox.hpp"
#include "archive/reconcile.hpp"
#include "archive/rescan.hpp"
#include "archive/salvage.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "file/durable.hpp"

namespace popkeep::archive {
namespace {

// What is wrong with the ledger, if anything.
std::optional<std::string> damage(const std::string& path, ledger::Access access) {
    try {
        ledger::Ledger ledger(path, access);
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
        result.done.push_back(
            fmt::format("{} in mboxes that the ledger didn't know were entered", counted_messages(adopted)));
    }
    for (const std::string& warning : archive.take_warnings()) result.done.push_back(warning);
    for (const std::string& note : archive.take_notes()) result.done.push_back(note);
}

// False if it is sound, or another process was faster.
bool rebuild_if_damaged(const std::string& directory, Repaired& result) {
    std::optional<std::string> problem;
    const auto damaged = [&] {
        problem = damage(Archive::ledger_path(directory), ledger::Access::write);
        return problem.has_value();
    };
    if (!damaged()) return false;
    Salvaged salvaged;
    const std::string aside = Archive::rebuild(directory, damaged, [&](Archive& archive) {
        salvaged = salvage(Archive::ledger_path(directory), archive.ledger());
        scan_everything(archive, result);
    });
    if (!problem) return false;
    result.done.insert(
        result.done.begin(),
        fmt::format("the ledger was damaged ({}); it was set aside as {} and built again, with {} and {} "
                    "carried over",
                    printable(*problem), aside, counted(salvaged.messages, "UID", "UIDs"),
                    counted(salvaged.receipts, "receipt", "receipts")));
    return true;
}

// Where the server gave them new UIDs, what was missing came under those.
void forget_made_good(ledger::Ledger& ledger, Repaired& result) {
    ledger::Transaction transaction = ledger.transaction();
    const std::vector<ledger::Id> good = ledger.messages.made_good();
    for (const ledger::Id id : good) ledger.messages.remove(id);
    transaction.commit();
    if (!good.empty())
        result.done.push_back(
            fmt::format("{} fetched again under another UID: no longer missing",
                        counted(good.size(), "missing message was", "missing messages were")));
}

Repaired planned(const std::string& directory) {
    Repaired result;
    if (Archive::has_lost_its_ledger(directory)) {
        result.done.emplace_back("the ledger is missing and would be built again from the mboxes");
        return result;
    }
    if (const auto problem = damage(Archive::ledger_path(directory), ledger::Access::read)) {
        result.done.push_back(
            fmt::format("the ledger is damaged ({}) and would be built again", printable(*problem)));
        for (const std::string& path : mboxes_in(directory, [](const std::string&) { return false; }))
            result.done.push_back(fmt::format("{}: it would be read again", path));
        return result;
    }
    Archive archive = Archive::open(directory, Access::read);
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
    const bool rebuilt = !Archive::has_lost_its_ledger(directory) && rebuild_if_damaged(directory, result);
    Archive archive = Archive::open(directory, Access::write);
    if (!rebuilt) scan_everything(archive, result);
    if (options.refetch_missing) {
        ledger::Transaction transaction = archive.ledger().transaction();
        archive.ledger().messages.refetch_missing();
        archive.ledger().accounts.unsettle(std::nullopt);
        transaction.commit();
        result.done.emplace_back("missing messages will be fetched again if the server lists them");
    }
    forget_made_good(archive.ledger(), result);
    result.missing = archive.ledger().messages.counts(std::nullopt).missing;
    return result;
}

}  // namespace popkeep::archive
