#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace popkeep::process {

/// What of ours a command gets as its standard streams.
struct Streams {
    std::optional<int> input;  ///< nothing: ours
    int output;
    std::optional<int> error = std::nullopt;  ///< nothing: ours
};

/// Starts `argv`, found by PATH, without a shell. Signals are as by default, POPKEEP_PASSWORD isn't in its
/// environment. `own_group`: in a process group of its own, away from our terminal's signals. Returns its id,
/// or throws SystemError ("run 'argv[0]'").
pid_t spawn(const std::vector<std::string>& argv, const Streams& streams, bool own_group);

/// Starts `argv` as spawn() does once somebody has connected to the socket `listener`, with that connection
/// as its standard input and output; it ends if the listener is shut down before. Returns its id, or throws
/// SystemError.
pid_t spawn_on_connection(const std::vector<std::string>& argv, int listener);

/// Whether a command of that name is there to be run.
bool is_runnable(const std::string& name);

}  // namespace popkeep::process
