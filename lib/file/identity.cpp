#include "file/identity.hpp"

namespace popkeep::file {

std::optional<Identity> identity_at(const std::string& path) {
    struct stat status {};
    if (lstat(path.c_str(), &status) != 0) return std::nullopt;
    return Identity(status);
}

}  // namespace popkeep::file
