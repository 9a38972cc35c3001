#pragma once

#include <functional>
#include <string>

#include "file/fd.hpp"

namespace popkeep::archive {

/// Locks on the ledger's folder itself, which leave no file behind and end with their process. Whoever writes
/// into the ledger shares it; whoever puts another ledger in its place has it alone, since what others
/// committed meanwhile would go with the old one. A lock is waited for up to a minute, and a stop is heard.
/// They throw Category::temporary if that was not enough.
file::Fd share_ledger(const std::string& folder);

/// An empty one if it isn't `wanted` any more while it is waited for: another process was faster.
file::Fd have_ledger_alone(const std::string& folder, const std::function<bool()>& wanted);

}  // namespace popkeep::archive
