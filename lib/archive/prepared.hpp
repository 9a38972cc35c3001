#pragma once

#include <vector>

#include "archive/archive.hpp"
#include "archive/open_mbox.hpp"

namespace popkeep::archive {

/// True if the rows, in the order of their places, are one append behind what stands as committed. What a
/// damaged ledger claims else is no ground for cutting, and could be any length.
bool is_one_append(const ledger::Mbox& mbox, const std::vector<ledger::Message>& prepared);

/// Settles an append (is_one_append()) that a run did not finish, given that everything before it stands as
/// committed: the messages that stand whole, from the first on, are written anew, synced and archived. What
/// is left behind them is set aside and cut if it is certainly ours: inside our extent, nothing behind it,
/// and made of what we meant to write there or of blocks that never reached the disk. Else it stays, and so
/// do the rows behind those that stand whole, for a rescan to explain: a reader may have edited them already.
void settle_prepared(Archive& archive, OpenMbox& mbox, const std::vector<ledger::Message>& prepared);

}  // namespace popkeep::archive
