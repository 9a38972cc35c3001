#pragma once

#include <string>

#include "pop3/endpoint.hpp"

namespace popkeep::pop3 {

/// Connects as far as the login, TLS included, and leaves. Nothing is said of who one is. Returns the
/// greeting. Throws Error as Session::open does.
std::string greeting_of(const Endpoint& endpoint, const Options& options);

}  // namespace popkeep::pop3
