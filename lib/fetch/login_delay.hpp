#pragma once

#include <chrono>

#include "fetch/context.hpp"

namespace popkeep::fetch {

/// How long a server's LOGIN-DELAY is kept at most, whatever it wants.
constexpr std::chrono::seconds longest_login_delay{3600};

/// Notes until when the server wants no other sign-in (RFC 2449 section 6.5), for this run and the next ones.
/// Called when a session has just signed in.
void remember_login_delay(Context& context, const pop3::Session& session);

/// Notes that the server turned a sign-in down as too soon after the one before.
void note_too_soon(ledger::Ledger& ledger, ledger::Id account);

/// Before a run's first sign-in: keeps to what an earlier run's session was told. With --drain it waits as
/// long as it takes. Other unattended runs wait for up to a minute, else throw an Error of category
/// temporary; but only where note_too_soon() was called within 90 days: many servers announce a delay and
/// don't mind. A person's run tries at once. Throws what interrupt::check() throws.
void keep_login_delay(Context& context);

/// What is left of it since the latest session signed in: the delay counts from login to login.
std::chrono::seconds left_of_login_delay(const Context& context);

/// Counts the seconds down to the observer. Throws what interrupt::check() throws.
void wait(Observer& observer, std::chrono::seconds time);

}  // namespace popkeep::fetch
