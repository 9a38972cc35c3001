#pragma once

#include <string>
#include <string_view>

namespace popkeep::report {

/// What a line on standard error is to the system's journal (sd-daemon(3)).
enum class Level { error = 3, warning = 4, info = 6, debug = 7 };

/// Each line of `text` with "<3>" and the like in front if standard error is the journal (JOURNAL_STREAM
/// names it), else `text`.
std::string for_journal(Level level, std::string_view text);

}  // namespace popkeep::report
