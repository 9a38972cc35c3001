#pragma once

#include <functional>
#include <string>

#include "file/fd.hpp"

namespace popkeep::file {

enum class Locked { alone, shared };

/// Locks a folder against other processes that lock it: the folder itself, so that no file for it lies about.
/// Tries again and again until `enough` says or throws so; then an empty Fd.
Fd lock_folder(const std::string& path, Locked how, const std::function<bool()>& enough);

}  // namespace popkeep::file
