#pragma once

#include "standing.hpp"

namespace popkeep::report {

/// A page, or JSON lines, on how one account stands at `time`. `stale`: --max-age says so.
void print_standing(const cmd::Standing& standing, std::int64_t time);
void print_standing_json(const cmd::Standing& standing, bool stale);

}  // namespace popkeep::report
