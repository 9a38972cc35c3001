#pragma once

#include <cstdint>
#include <string>

#include "file/fd.hpp"

namespace popkeep::archive {

/// Reads a range of a file and writes the same bytes there again, so that a sync that follows carries them to
/// the disk even if an earlier sync failed and left clean pages behind.
void rewrite_in_place(const file::Fd& fd, const std::string& path, std::uint64_t offset,
                      std::uint64_t length);

/// Copies a range of a file into a new file below `.popkeep/torn/`, synced with its folder.
/// Returns the new file's path. On failure nothing is left of it.
std::string set_aside(const file::Fd& fd, const std::string& path, std::uint64_t offset, std::uint64_t length,
                      const std::string& folder, const std::string& name);

}  // namespace popkeep::archive
