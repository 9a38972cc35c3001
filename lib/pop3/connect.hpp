#pragma once

#include <memory>
#include <string>

#include "pop3/connection.hpp"

namespace popkeep::pop3 {

/// Connects and chooses the mechanism, which becomes `login`'s. Where libcurl speaks it, the connection is
/// signed in already: libcurl must be told before it connects, so what it is to speak by our choice takes a
/// second connection. Throws LoginRefused or Error.
std::unique_ptr<Connection> connect(const Endpoint& endpoint, const Options& options, Login& login);

/// QUIT before anybody has signed in. Problems are ignored.
void leave(Connection& connection, const Options& options, const std::string& place) noexcept;

}  // namespace popkeep::pop3
