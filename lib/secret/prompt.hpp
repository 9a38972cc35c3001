#pragma once

#include <string>
#include <string_view>

namespace popkeep::secret {

enum class Echo { off, on };

/// Asks on the controlling terminal (/dev/tty) and returns the line typed, without its end. The terminal's
/// echo is as before on every way out: an answer, end of file, an exception, a signal (which is delivered
/// only after that), Ctrl-Z too. Throws (permission) at end of file or without a terminal, or what
/// interrupt::check() throws.
std::string ask(std::string_view question, Echo echo);

}  // namespace popkeep::secret
