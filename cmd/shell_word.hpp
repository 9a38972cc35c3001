#pragma once

#include <string>

namespace popkeep::cmd {

/// `word` as it is typed into a shell, for commands that people are told: in quotes if need be.
std::string shell_word(const std::string& word);

}  // namespace popkeep::cmd
