#pragma once

#include "pop3/endpoint.hpp"

namespace popkeep::pop3 {

/// Refuses what would become two commands or be cut short: CR, LF or NUL in user or password, an empty user,
/// a mechanism without what it proves. Before connecting. Throws Error of category configuration.
void check_credentials(const Login& login);

}  // namespace popkeep::pop3
