#pragma once

#include <cstdint>
#include <optional>

#include "ledger/rows.hpp"

namespace popkeep::fetch {

/// When a message that failed so often that it was set aside is asked for again: after 1 h, 2 h, 4 h … up to
/// a week from its last failure. Nothing: it isn't set aside, every run asks.
std::optional<std::int64_t> quarantined_until(const ledger::Refusal& refusal);

}  // namespace popkeep::fetch
