#include "archive/archive.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <utility>

#include "archive/adopt.hpp"
#include "archive/layout.hpp"
#include "archive/ledger_lock.hpp"
#include "archive/unfound.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "file/directory.hpp"
#include "file/durable.hpp"

namespace popkeep::archive {
namespace {

namespace fs = std::filesystem;

// Returns how many messages the mboxes held, or nothing if the ledger was there.
std::optional<std::uint64_t> build_if_lost(const std::string& directory, bool provisional) {
    const auto lost = [&] { return Archive::has_lost_its_ledger(directory); };
    std::optional<std::uint64_t> adopted;
    if (!lost()) return adopted;
    Archive::rebuild(directory, lost, [&](Archive& archive) {
        // Before the ledger has its name: then nobody can have used the archive yet.
        if (provisional) file::open_regular(archive.private_path(layout::newborn), O_WRONLY | O_CREAT);
        file::replace(archive.private_path(layout::readme), layout::readme_text);
        adopted = adopt_mboxes(archive);
    });
    return adopted;
}

// Makes the directory with its missing parents; those that exist may be reached through links.
void make_root(const std::string& directory) {
    fs::path there = directory;
    std::error_code ignored;
    while (!there.empty() && there != there.root_path() && !fs::exists(there, ignored))
        there = there.parent_path();
    const std::string root = there.empty() ? "." : there.string();
    file::make_directories(
        root, fs::path(directory).lexically_relative(there.empty() ? fs::path() : there).string());
}

}  // namespace

bool Archive::is_one(const std::string& directory) {
    struct stat status {};
    const std::string folder = fmt::format("{}/{}", directory, layout::private_folder);
    if (lstat(folder.c_str(), &status) == 0) return S_ISDIR(status.st_mode);
    if (errno != ENOENT && errno != ENOTDIR) throw system_error(errno, "look at", folder);
    return false;
}

std::uint64_t Archive::found(const std::string& directory, bool provisional) {
    try {
        make_root(directory);
        if (!is_one(directory)) file::make_directories(directory, std::string(layout::private_folder));
    } catch (const SystemError& error) {
        Error impossible(Category::cannot_create, "the archive can't be founded here");
        impossible.at(error.where()).said(error.said()).next(error.next());
        throw impossible;
    }
    const std::optional<std::uint64_t> adopted = build_if_lost(directory, provisional);
    if (!adopted) take_into_use(directory);
    return adopted.value_or(0);
}

Archive Archive::open(const std::string& directory, Access access) {
    if (!is_one(directory))
        throw Error(Category::cannot_create, "there is no archive here")
            .at(directory)
            .next(fmt::format("not mounted? `popkeep init {}` makes one", printable(directory)));
    const std::string path = Archive::ledger_path(directory);
    if (access == Access::read)
        return {directory, std::make_unique<ledger::Ledger>(path, ledger::Access::read)};
    const std::optional<std::uint64_t> adopted = build_if_lost(directory, false);
    if (access == Access::write) take_into_use(directory);
    file::Fd lock = share_ledger(fmt::format("{}/{}", directory, layout::private_folder));
    Archive archive(directory, std::make_unique<ledger::Ledger>(path, ledger::Access::write),
                    std::move(lock));
    if (adopted) {
        archive.warn(
            fmt::format("the ledger was lost and was built again from the mboxes, which hold {}; those that "
                        "the server still lists are recognised without downloading them where it can do TOP",
                        counted_messages(*adopted)));
    }
    return archive;
}

Archive::Archive(std::string directory, std::unique_ptr<ledger::Ledger> ledger, file::Fd lock)
    : directory_(std::move(directory)), lock_(std::move(lock)), ledger_(std::move(ledger)) {}

Archive::Archive(Archive&&) noexcept = default;

Archive::~Archive() = default;

void Archive::enter_run() {
    if (run_entered_) return;
    ledger::Transaction transaction = ledger_->transaction(ledger::Lasts::later);
    ledger_->servers.enter_run(now());
    transaction.commit();
    run_entered_ = true;
}

std::string Archive::path_of(std::string_view relative) const {
    return fmt::format("{}/{}", directory_, relative);
}

bool Archive::has_lost_its_ledger(const std::string& directory) {
    const std::string ledger = ledger_path(directory);
    const file::Fd fd = file::open_if_there(ledger, O_RDONLY);
    return !fd || file::stat_of(fd, ledger).st_size == 0;
}

std::string Archive::ledger_path(const std::string& directory) {
    return fmt::format("{}/{}/{}", directory, layout::private_folder, layout::ledger);
}

std::string Archive::private_path(std::string_view name) const {
    return name.empty() ? fmt::format("{}/{}", directory_, layout::private_folder)
                        : fmt::format("{}/{}/{}", directory_, layout::private_folder, name);
}

}  // namespace popkeep::archive
