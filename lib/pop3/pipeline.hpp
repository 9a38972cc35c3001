#pragma once

#include <cstddef>
#include <span>

#include "pop3/conversation.hpp"

namespace popkeep::pop3 {

enum class Fetching { whole, header };  ///< RETR n, TOP n 0

/// Asks for each of `wanted` and hands the answers to `sink`, in order. `pipelined`: within a Window, sending
/// and receiving at the same time; else one at a time, and the input must be empty before each command.
/// Returns how many were answered: fewer if the sink or a requested stop ended it; nothing is outstanding
/// then. Throws SessionLost, Error (a stop, with answers outstanding) and whatever the sink throws.
std::size_t fetch_messages(Conversation& conversation, std::span<const Listed* const> wanted,
                           MessageSink& sink, Fetching what, bool pipelined);

}  // namespace popkeep::pop3
