#pragma once

#include <chrono>

#include "base/clock.hpp"

/// Stopping on request. The first SIGINT, SIGTERM or SIGHUP asks for a stop: work in hand is finished and
/// every wait ends. The second one ends the process at once.
namespace popkeep::interrupt {

/// Installs the handlers; a signal that is ignored at start (nohup) stays ignored. SIGPIPE is ignored from
/// now on. Once, from main, before anything waits.
void install();

/// In a child process that was forked from one which had called install(), before anything waits: signals
/// mean this process now. One that comes twice, from a terminal to all and from the parent to this one, asks
/// for a stop once and no more; who wants to leave at once ends the parent.
void install_in_child();

bool requested() noexcept;

/// The signal that asked for a stop, or 0.
int signal_number() noexcept;

/// What a stop takes at most. Who waits for others after the request waits for one point in time, lest
/// patience add up: that of the first signal and this, `ahead` less where something is to be done behind it.
inline constexpr std::chrono::seconds patience{5};
Deadline deadline(std::chrono::seconds ahead = std::chrono::seconds(0)) noexcept;

/// Readable once a stop was requested; put it into every poll. -1 before install().
int descriptor() noexcept;

/// That of a process that was stopped: 130 after SIGINT, 143 after the others, 0 if none was requested.
int exit_code() noexcept;

/// Throws an Error of category interrupted or terminated if a stop was requested.
void check();

/// Waits so long, or until a stop is requested: then throws like check().
void pause(std::chrono::seconds time);

}  // namespace popkeep::interrupt
