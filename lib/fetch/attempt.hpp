#pragma once

#include "fetch/context.hpp"

namespace popkeep::fetch {

/// Whose turn a session is: that of the messages that give no trouble, or that of those that broke a session.
enum class Turn { ordinary, suspects };

/// One session: sign in, list, identify, retrieve, delete, QUIT. Throws SessionLost where a new one may help.
void attempt(Context& context, Turn turn);

}  // namespace popkeep::fetch
