#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/section.hpp"
#include "secret/password.hpp"

namespace popkeep::cmd::setup {

/// How popkeep gets a password that was typed from now on.
enum class Store { ask, file };

/// "ask" or "file".
Store parse_store(std::string_view text);

/// The line that says so, for a password that was typed: asks the person unless `given`. A command that is
/// named is tried, and a file is written (0600, beside the configuration; one that is there stays as it is).
config::SectionLine keep(const secret::Password& password, std::optional<Store> given,
                         const std::string& account, const std::string& configuration);

/// The same where nothing was typed: the line of a comment.
config::SectionLine kept_elsewhere(std::string_view origin, const std::string& account);

}  // namespace popkeep::cmd::setup
