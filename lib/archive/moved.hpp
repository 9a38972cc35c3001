#pragma once

#include <unordered_set>

#include "ledger/ledger.hpp"

namespace popkeep::archive {

/// Messages move from mbox to mbox: a mail reader files them, a person renames the file. A missing message
/// whose content stands unclaimed elsewhere is archived there, one to one. Inside a transaction. Returns the
/// rows of both sides.
std::unordered_set<ledger::Id> follow_moved(ledger::Messages& messages);

}  // namespace popkeep::archive
