#include "secret/keyring.hpp"

namespace popkeep::secret::keyring {
namespace {

[[noreturn]] void refuse() {
    Error error(Category::permission, "this popkeep was built without support for keyrings");
    throw Absent(error.next("give password_command or password_file"));
}

}  // namespace

std::optional<std::string> find(const Attributes&, bool) {
    refuse();
}

void store(const Attributes&, const std::string&, const std::string&) {
    refuse();
}

bool remove(const Attributes&) {
    refuse();
}

}  // namespace popkeep::secret::keyring
