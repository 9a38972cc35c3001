#include "standing.hpp"

#include <fmt/format.h>

#include "accounts.hpp"
#include "archive/adopt.hpp"
#include "base/text.hpp"

namespace popkeep::cmd {
namespace {

Standing standing_in(archive::Archive& archive, const ledger::Account& row) {
    const ledger::MessageCounts counts = archive.ledger().messages.counts(row.id);
    Standing standing;
    standing.account = row.name;
    standing.archive = archive.directory();
    standing.ever_tried = true;
    standing.last_success = row.last_success;
    standing.last_attempt = row.last_attempt;
    standing.last_exit = row.last_exit;
    standing.last_error = row.last_error.value_or("");
    standing.archived = counts.archived;
    standing.bytes = counts.bytes;
    standing.missing = counts.missing;
    standing.listing = archive.ledger().accounts.last_listing(row.id);
    standing.refusals = archive.ledger().refusals.all(row.id);
    standing.waiting_since = row.last_success.value_or(row.first_attempt);
    return standing;
}

// A file that can't be read says nothing here; verify names it.
std::vector<std::string> readable_unknown_mboxes(archive::Archive& archive) {
    try {
        return archive::unknown_mboxes(archive);
    } catch (const Error&) {
        return {};
    }
}

}  // namespace

std::vector<Standing> standings(archive::Archive& archive, const std::string& account) {
    std::vector<Standing> all;
    if (account.empty()) {
        for (const auto& row : archive.ledger().accounts.all()) all.push_back(standing_in(archive, row));
    } else if (const auto row = archive.ledger().accounts.named(account)) {
        all.push_back(standing_in(archive, *row));
    }
    if (all.empty()) {
        Standing unknown;
        unknown.account = account;
        unknown.archive = archive.directory();
        all.push_back(unknown);
    }
    const std::uint64_t unclaimed = archive.ledger().messages.counts(std::nullopt).unclaimed;
    const auto unknown = readable_unknown_mboxes(archive);
    for (Standing& standing : all) {
        standing.unclaimed = unclaimed;
        standing.unknown_mboxes = unknown;
    }
    return all;
}

Standing standing_of(const config::Account& account, std::int64_t time) {
    Standing standing;
    try {
        if (account.archive.empty()) {
            throw Error(Category::configuration, "no archive is named for it")
                .next("give the key 'archive' in popkeep.toml");
        }
        auto archive = archive::Archive::open(account.archive, archive::Access::read);
        // Its name may have changed since the first contact; its identity is what stays.
        const auto known = archive.ledger().accounts.find(account.identity().value_or(account.name));
        standing = standings(archive, known ? known->identity : account.name).front();
        if (standing.ever_tried) {
            const auto row = archive.ledger().accounts.named(known ? known->identity : account.name);
            standing.next = fetch::forecast(archive, row->id, policy_of(account), brake_of(account), time);
        }
    } catch (const Error& error) {
        standing.problem = error;
    }
    standing.account = account.name;
    standing.archive = account.archive;
    standing.policy = to_text(account.deletion);
    return standing;
}

std::string ago(std::optional<std::int64_t> then, std::int64_t time) {
    if (!then) return "never";
    const std::int64_t seconds = time - *then;
    // The clock was set back.
    if (seconds < 0) return "in the future";
    if (seconds >= 2 * 86400) return fmt::format("{} days ago", seconds / 86400);
    return human_duration(static_cast<double>(seconds)) + " ago";
}

}  // namespace popkeep::cmd
