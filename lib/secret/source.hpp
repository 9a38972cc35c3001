#pragma once

#include <memory>
#include <string>
#include <vector>

#include "secret/password.hpp"

namespace popkeep::secret {

/// The place that somebody named for a password: at most one of the three is set.
struct Source {
    std::shared_ptr<const Password> text;  ///< password = "…", in the configuration file only
    std::vector<std::string> command;      ///< argv; "{account}" in an argument becomes the account's name
    std::string file;                      ///< its first line

    int count() const noexcept { return (text ? 1 : 0) + (command.empty() ? 0 : 1) + (file.empty() ? 0 : 1); }
    bool empty() const noexcept { return count() == 0; }
};

}  // namespace popkeep::secret
