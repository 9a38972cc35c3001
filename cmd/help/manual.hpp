#pragma once

#include <span>
#include <string>
#include <string_view>

#include "command.hpp"
#include "declaration.hpp"

namespace popkeep::cmd {

/// A command's manual page (mdoc): its frame in man/, where the lines @NAME@, @SYNOPSIS@, @EXAMPLES@,
/// @DESCRIPTION@, @OPTIONS@ and @EXITS@ are replaced by what was declared.
std::string manual_page(std::string_view frame, const Entry& entry, const Declaration& declaration);

/// The frame of popkeep(1), with all commands for @COMMANDS@.
std::string manual_overview(std::string_view frame, std::span<const Entry> entries);

}  // namespace popkeep::cmd
