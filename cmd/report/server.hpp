#pragma once

#include "pop3/session.hpp"

namespace popkeep::report {

/// What a session shows of its server, for people and as {"type":"server",…}.
void print_server(const pop3::Session& session);
void print_server_json(const pop3::Session& session, const std::string& account);

}  // namespace popkeep::report
