#pragma once

#include <string>

#include "archive/archive.hpp"

namespace popkeep::archive {

/// An mbox that can't grow any more is followed by "name.2.mbox", "name.3.mbox" and so on.
std::string next_part(const std::string& file);

/// The last part of `file` (a first one) that the ledger knows; `file` itself if there is no other.
std::string newest_part(Archive& archive, const std::string& file);

}  // namespace popkeep::archive
