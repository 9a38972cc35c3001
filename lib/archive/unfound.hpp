#pragma once

#include <string>

namespace popkeep::archive {

/// Keeps unfound() from removing the archive: whoever is about to write into one that another run may have
/// just founded calls this first.
void take_into_use(const std::string& directory);

/// Undoes a provisional Archive::found() where nothing has come into the archive and no other run has taken
/// it into use: removes `.popkeep`, and `with_directory` the directory as well. Does nothing if anything else
/// stands in it, or if that fails: an empty archive is in nobody's way. No Archive of this process may be
/// open there.
void unfound(const std::string& directory, bool with_directory) noexcept;

}  // namespace popkeep::archive
