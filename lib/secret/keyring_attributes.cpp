#include "secret/keyring.hpp"

namespace popkeep::secret::keyring {

Attributes password_of(std::string_view user, std::string_view host) {
    return {{"service", "pop3"}, {"host", std::string(host)}, {"user", std::string(user)}};
}

}  // namespace popkeep::secret::keyring
