#pragma once

#include <string>

namespace popkeep::secret {

/// $HOME if it is an absolute path, else the home folder of the user database; empty if there is none.
std::string home_folder();

/// Where programs keep state of this user: $XDG_STATE_HOME if it is an absolute path, else ~/.local/state;
/// empty if there is no home folder. It may not be there yet.
std::string state_folder();

}  // namespace popkeep::secret
