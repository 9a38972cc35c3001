#pragma once

#include <chrono>

/// Stopping on request. The first SIGINT, SIGTERM or SIGHUP asks for a stop: work in hand is finished and
/// every wait ends. The second one ends the process at once.
namespace popkeep::interrupt {

/// Installs the handlers; a signal that is ignored at start (nohup) stays ignored. SIGPIPE is ignored from
/// now on. Once, from main, before anything waits.
void install();

bool requested() noexcept;

/// Readable once a stop was requested; put it into every poll. -1 before install().
int descriptor() noexcept;

/// Throws an Error of category interrupted or terminated if a stop was requested.
void check();

/// Waits so long, or until a stop is requested: then throws like check().
void pause(std::chrono::seconds time);

}  // namespace popkeep::interrupt
