#pragma once

#include "fetch/context.hpp"

namespace popkeep::fetch {

/// All sessions of a run, or of one of a drain's rounds. One that is lost is followed by another as long as
/// each brings something; messages that may have broken one are tried when the others are safe, each in a
/// session of its own. Where the server refuses that as too soon after the last, they wait for the next run,
/// which begins with them.
void hold_sessions(Context& context);

}  // namespace popkeep::fetch
