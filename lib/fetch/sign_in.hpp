#pragma once

#include "archive/archive.hpp"
#include "fetch/job.hpp"
#include "ledger/rows.hpp"
#include "pop3/session.hpp"

namespace popkeep::fetch {

/// Opens a session with the job's password, or with an access token; one that the server turns down although
/// it should still be valid is replaced once.
pop3::Session open_session(const Job& job, const pop3::Options& options);

/// Opens the account's session with what was learned about its server. An unattended run doesn't try a
/// password again that the server turned down, until it has changed or a back-off has passed: retries lock
/// accounts.
/// `lockstep`: one command at a time, whatever is known of the server.
pop3::Session sign_in(archive::Archive& archive, const ledger::Account& account, const Job& job,
                      bool lockstep);

/// The server can't be trusted with several commands at once: one at a time for the next 90 days.
void remember_lockstep(archive::Archive& archive, const Job& job);

}  // namespace popkeep::fetch
