#include "fetch/due.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <unordered_map>
#include <utility>

#include "base/clock.hpp"
#include "base/text.hpp"

namespace popkeep::fetch {
namespace {

// A clock that jumped would make everything old enough at once.
bool clock_is_sound(Context& context) {
    if (context.clock_jumped) return false;
    if (!context.newest_time) return true;
    const std::int64_t time = now();
    if (time >= *context.newest_time && time - *context.newest_time <= 90 * seconds_per_day) return true;
    context.clock_jumped = true;
    context.observer.note(
        fmt::format("nothing is deleted by age in this run: the clock says {}, the last run was at {}; the "
                    "next run will if the clock is right",
                    local_time(time), local_time(*context.newest_time)));
    return false;
}

using Times = std::unordered_map<ledger::Id, std::int64_t>;

// When each archived one was archived: not before what stands before it in the ledger, whatever a clock that
// had been set back said then. Where one that had been set forward dated it in the time to come, it is as old
// as what stands behind it.
Times archived_times(const Context& context, const Items& items, std::int64_t time) {
    std::vector<std::pair<ledger::Id, std::int64_t>> in_order;
    for (const Item& item : items) {
        if (item.fate != Fate::known) continue;
        in_order.emplace_back(item.row,
                              item.archived_at
                                  ? *item.archived_at
                                  : context.archive.ledger().messages.find(item.row).value().archived_at);
    }
    std::ranges::sort(in_order);
    Times times;
    std::int64_t newest = 0;
    for (auto& [row, archived_at] : in_order) {
        if (archived_at <= time) newest = archived_at = std::max(newest, archived_at);
    }
    std::int64_t next = time;
    for (const auto& [row, archived_at] : std::views::reverse(in_order)) {
        next = std::min(next, archived_at);
        times[row] = next;
    }
    return times;
}

}  // namespace

std::vector<Item*> due_for_deletion(Context& context, Items& items, bool expected) {
    using Kind = DeletePolicy::Kind;
    const DeletePolicy& policy = context.job.deletes;
    std::vector<Item*> due;
    if (policy.kind == Kind::never || (policy.kind == Kind::after && !clock_is_sound(context))) return due;
    const std::int64_t time = now();
    const Times times = policy.kind == Kind::after ? archived_times(context, items, time) : Times();
    std::uint64_t kept = 0;
    // Downwards: keep:N spares the highest numbers.
    for (Item& item : std::views::reverse(items)) {
        const bool archived = item.fate == Fate::known;
        if (!archived && !(expected && item.wanted())) continue;
        if (policy.kind == Kind::keep && kept++ < policy.count) continue;
        // What only comes in this run is as young as can be.
        if (policy.kind == Kind::after && (!archived || time - times.at(item.row) < policy.seconds)) continue;
        due.push_back(&item);
    }
    std::ranges::reverse(due);
    return due;
}

}  // namespace popkeep::fetch
