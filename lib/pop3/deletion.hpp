#pragma once

#include <cstdint>
#include <span>

#include "pop3/conversation.hpp"

namespace popkeep::pop3 {

/// DELE for each number, then QUIT, whose first answer decides (qmail says -ERR and then +OK). Answers are
/// counted in order and exactly. If one makes no sense, or is missing, nothing more is sent; what the server
/// did is unknown then. Throws only if a stop was requested, or the session lost, before anything was sent.
Deleted delete_and_quit(Conversation& conversation, std::span<const std::uint32_t> numbers, bool pipelined);

}  // namespace popkeep::pop3
