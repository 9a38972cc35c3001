#include "figures.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "fetch/quarantine.hpp"
#include "file/directory.hpp"
#include "standing.hpp"

namespace popkeep::cmd {
namespace {

std::optional<double> number(std::optional<std::int64_t> value) {
    return value ? std::optional(static_cast<double>(*value)) : std::nullopt;
}

std::optional<double> count(std::uint64_t value) {
    return static_cast<double>(value);
}

std::optional<double> free_octets(const std::string& archive) {
    try {
        return count(file::free_space(archive));
    } catch (const Error&) {
        return std::nullopt;
    }
}

void add(monitor::Figures& figures, const Standing& standing) {
    figures.last_success = number(standing.last_success);
    figures.archived = count(standing.archived);
    figures.archived_octets = count(standing.bytes);
    figures.missing = count(standing.missing);
    figures.free_octets = free_octets(standing.archive);
    figures.refused = count(standing.refusals.size());
    figures.quarantined =
        count(static_cast<std::uint64_t>(std::ranges::count_if(standing.refusals, [](const auto& refusal) {
            return fetch::quarantined_until(refusal).has_value();
        })));
    if (!standing.listing) return;
    figures.listed = count(standing.listing->count);
    figures.listed_octets = count(standing.listing->octets);
}

}  // namespace

monitor::Figures figures_of(const config::Account& account, const fetch::Summary& summary,
                            std::int64_t ended) {
    monitor::Figures figures;
    figures.account = account.name;
    figures.last_run = number(ended);
    figures.duration = summary.seconds;
    figures.exit_code = summary.exit_code();
    figures.fresh = count(summary.archived);
    figures.deleted = count(summary.deleted);
    figures.certificate_expires = number(summary.certificate_expires);
    const Standing standing = standing_of(account, ended);
    if (!standing.problem) add(figures, standing);
    return figures;
}

}  // namespace popkeep::cmd
