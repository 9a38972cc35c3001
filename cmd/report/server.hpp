#pragma once

#include <optional>
#include <string>

#include "pop3/meeting.hpp"
#include "pop3/session.hpp"

namespace popkeep::report {

/// What a server shows before anybody signs in, and how popkeep would: for people.
void print_meeting(const pop3::Meeting& meeting);
/// The same as {"type":"offer",…}; `way_in` is null if there is none.
void print_offer_json(const pop3::Meeting& meeting, const std::string& account,
                      const std::optional<std::string>& way_in);

/// What a server shows whose certificate or key isn't accepted, for people and as {"type":"unverified",…}.
void print_unverified(const pop3::TlsFacts& presented);
void print_unverified_json(const pop3::TlsFacts& presented, const std::string& account);

/// What a session shows of its server, for people and as {"type":"server",…}.
void print_server(const pop3::Session& session);
void print_server_json(const pop3::Session& session, const std::string& account);

}  // namespace popkeep::report
