#pragma once

#include <string>

namespace popkeep::secret {

/// $HOME if it is an absolute path, else the home folder of the user database; empty if there is none.
std::string home_folder();

}  // namespace popkeep::secret
