#include "standing.hpp"

#include <fmt/format.h>

#include "accounts.hpp"
#include "archive/adopt.hpp"
#include "base/text.hpp"

namespace popkeep::cmd {
namespace {

// What can't be read says nothing here; verify names it.
std::vector<std::string> readable_unknown_mboxes(archive::Archive& archive) {
    try {
        return archive::unknown_mboxes(archive, [](const std::string&, const Error&) {});
    } catch (const Error&) {
        return {};
    }
}

// What is so for each of its accounts.
Standing standing_of_all(archive::Archive& archive) {
    Standing standing;
    standing.archive = archive.directory();
    standing.unclaimed = archive.ledger().messages.counts(std::nullopt).unclaimed;
    standing.unknown_mboxes = readable_unknown_mboxes(archive);
    return standing;
}

Standing standing_in(archive::Archive& archive, const ledger::Account& row, Standing standing) {
    const ledger::MessageCounts counts = archive.ledger().messages.counts(row.id);
    standing.account = row.name;
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

// Its name may have changed since the first contact; its identity is what stays. Without a user in the
// configuration only the name is known, and the newest is the one that it is fetched as.
std::optional<ledger::Account> row_of(const config::Account& account, archive::Archive& archive) {
    if (const auto identity = account.identity()) return archive.ledger().accounts.find(*identity);
    const auto rows = archive.ledger().accounts.named(account.name);
    return rows.empty() ? std::nullopt : std::optional(rows.back());
}

}  // namespace

std::vector<Standing> standings(archive::Archive& archive) {
    const Standing common = standing_of_all(archive);
    std::vector<Standing> all;
    for (const auto& row : archive.ledger().accounts.all()) all.push_back(standing_in(archive, row, common));
    if (all.empty()) all.push_back(common);
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
        standing = standing_of_all(archive);
        if (const auto row = row_of(account, archive)) {
            standing = standing_in(archive, *row, std::move(standing));
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
    if (seconds >= 2 * seconds_per_day) return fmt::format("{} days ago", seconds / seconds_per_day);
    return human_duration(static_cast<double>(seconds)) + " ago";
}

}  // namespace popkeep::cmd
