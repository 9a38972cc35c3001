#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace popkeep::archive {

/// Hears of a folder or file (relative; empty: the folder itself that is looked through) that may not be
/// looked at, and why. The search goes on without it.
using Denied = std::function<void(const std::string& relative, const Error& why)>;

/// Throws what it hears: messages that nobody sees would be archived once more.
void refuse(const std::string& relative, const Error& why);

/// Paths, relative to `directory`, of the files in it that begin like an mbox ("From "), but for known ones.
/// Hidden files, dotlocks and links are left out. Throws if the disk fails.
std::vector<std::string> mboxes_in(const std::string& directory,
                                   const std::function<bool(const std::string& relative)>& is_known,
                                   const Denied& denied = refuse);

/// Whether a file is there and begins like one. Throws if it can't be read.
bool is_mbox(const std::string& path);

}  // namespace popkeep::archive
