#pragma once

#include <vector>

#include "fetch/context.hpp"
#include "fetch/item.hpp"

namespace popkeep::fetch {

/// The known items whose time has come by the account's policy; nothing where the clock can't be trusted with
/// it. `expected`: with the wanted ones, as if they were archived already.
std::vector<Item*> due_for_deletion(Context& context, Items& items, bool expected);

}  // namespace popkeep::fetch
