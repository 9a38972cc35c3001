#pragma once

#include <string>

namespace popkeep::archive {

/// Undoes Archive::found() where nothing has come into the archive: removes `.popkeep`, and `with_directory`
/// the directory as well. Does nothing if anything else stands in it, or if that fails: an empty archive is
/// in nobody's way. No Archive may be open there.
void unfound(const std::string& directory, bool with_directory) noexcept;

}  // namespace popkeep::archive
