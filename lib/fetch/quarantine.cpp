#include "fetch/quarantine.hpp"

#include <algorithm>

#include "base/clock.hpp"

namespace popkeep::fetch {
namespace {

constexpr std::int64_t week = 7 * seconds_per_day;
constexpr std::int64_t tries_before = 3;

}  // namespace

std::optional<std::int64_t> quarantined_until(const ledger::Refusal& refusal) {
    if (refusal.count < tries_before) return std::nullopt;
    const std::int64_t doublings = std::clamp<std::int64_t>(refusal.count - tries_before, 0, 8);
    return refusal.last_at + std::min(seconds_per_hour << doublings, week);
}

}  // namespace popkeep::fetch
