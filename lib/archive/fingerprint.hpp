#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <string>

#include "base/digest.hpp"
#include "file/fd.hpp"
#include "ledger/rows.hpp"

namespace popkeep::archive {

/// SHA-256 over the first 4 KiB and the last 64 KiB of the first `size` bytes of an mbox. Cheap enough for
/// each batch; a reader that rewrites an mbox moves its end.
Digest edges_of(const file::Fd& fd, const std::string& path, std::uint64_t size);

/// True if nobody touched the file since the row was written.
bool untouched(const ledger::Mbox& row, const struct stat& status);

/// Brings the row up to date with the file, whose first `size` bytes are accounted for.
void take_fingerprint(ledger::Mbox& row, const file::Fd& fd, const std::string& path, std::uint64_t size);

}  // namespace popkeep::archive
