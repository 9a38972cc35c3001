#pragma once

#include <string>

namespace popkeep::report {

/// Asks the person at the terminal itself (not standard input) and wants "yes" in full. False for anything
/// else, and where there is no terminal. Throws what interrupt::check() throws.
bool typed_yes(const std::string& question);

}  // namespace popkeep::report
