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

}  // namespace popkeep::secret
