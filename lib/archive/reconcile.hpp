#pragma once

#include "archive/archive.hpp"
#include "archive/open_mbox.hpp"

namespace popkeep::archive {

/// Makes ledger and bytes of a locked mbox agree, whatever happened to either since the last run
/// (popkeep-archive(5) has the table). One fstat if nothing did. What was done unasked is noted.
void reconcile(Archive& archive, OpenMbox& mbox);

/// The same for every mbox that the ledger knows; only those that changed are locked. A file that is gone
/// leaves its messages missing.
void reconcile_all(Archive& archive);

}  // namespace popkeep::archive
