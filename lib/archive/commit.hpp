#pragma once

#include <span>
#include <string>
#include <vector>

#include "archive/archive.hpp"
#include "archive/batch.hpp"
#include "ledger/rows.hpp"

namespace popkeep::archive {

/// Puts entries of a batch at the end of an mbox, so that after a crash at any moment each message either
/// stands whole and is known to, or can be told for certain not to: lock, reconcile, prepare (the intent,
/// durable in the ledger), append and sync, read back and compare, commit (rows archived), unlock.
///
/// Returns the rows in the entries' order. A failure while appending or comparing cuts the file back to where
/// it began and is passed on; a failure of the ledger touches nothing, since a COMMIT that returned an
/// error may still have happened. No sync is ever tried again.
std::vector<ledger::Id> commit_batch(Archive& archive, const std::string& relative_path, const Batch& batch,
                                     std::span<const Batch::Entry> entries);

}  // namespace popkeep::archive
