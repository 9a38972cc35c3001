#include "secret/home.hpp"

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>

namespace popkeep::secret {

std::string home_folder() {
    if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/') return home;
    const passwd* user = getpwuid(getuid());
    return user != nullptr && user->pw_dir != nullptr && *user->pw_dir == '/' ? user->pw_dir : "";
}

std::string state_folder() {
    // A relative value is to be ignored, says the XDG Base Directory Specification.
    if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state == '/') return state;
    const std::string home = home_folder();
    return home.empty() ? "" : home + "/.local/state";
}

}  // namespace popkeep::secret
