#include "fetch/choice.hpp"

#include <algorithm>
#include <limits>

#include "fetch/room.hpp"

namespace popkeep::fetch {

std::uint64_t left_of_limit(const Context& context) {
    if (!context.job.limit) return std::numeric_limits<std::uint64_t>::max();
    return *context.job.limit - std::min(*context.job.limit, context.appender.messages());
}

std::uint64_t choose(const Context& context, Items& items) {
    std::uint64_t left = left_of_limit(context);
    for (Item& item : items) {
        if (!item.unknown()) continue;
        item.beyond = left == 0;
        left -= item.beyond ? 0U : 1U;
    }
    return leave_out_what_lacks_room(context.archive.directory(), items);
}

bool has_room_for_more(const Context& context, const Items& items) {
    return left_of_limit(context) > 0 && std::ranges::any_of(items, &Item::beyond);
}

}  // namespace popkeep::fetch
