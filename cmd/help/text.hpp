#pragma once

#include <string>

#include "declaration.hpp"

namespace popkeep::cmd {

/// What `popkeep help COMMAND` shows, examples first, as wide as the terminal.
std::string help_text(const Declaration& declaration);

}  // namespace popkeep::cmd
