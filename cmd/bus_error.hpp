#pragma once

namespace popkeep::cmd {

/// From now on a SIGBUS ends the process with a sentence and as an I/O error. It comes where a file that is
/// mapped into memory can't be had: SQLite's index of the log (ledger.db-shm) on a full disk whose blocks are
/// smaller than a page or copied on write, on a failing one, or cut short by another program. Nothing can be
/// undone then; the next run settles what was begun, as after a kill. Children inherit it.
void end_on_bus_error();

}  // namespace popkeep::cmd
