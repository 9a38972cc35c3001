#pragma once

#include <string>

namespace popkeep::cmd {

/// popkeep's version and those of the libraries it runs with.
std::string version_text();

}  // namespace popkeep::cmd
