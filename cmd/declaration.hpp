#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace popkeep::cmd {

/// What a subcommand is to people: the one source of its help, its manual page and its completion.
/// Text is plain; `backticks` stand around what is typed.
struct Declaration {
    struct Option {
        std::string group;
        std::vector<std::string> names;  ///< "-q", "--quiet"
        std::string value;               ///< what follows it, for example FILE or on|off; empty for a flag
        std::string help;
    };

    std::string command, usage, description;
    std::vector<std::pair<std::string, std::string>> examples;  ///< what to type, what it means
    std::string argument, argument_help;
    std::vector<Option> options;
    std::map<int, std::string> exits;
};

}  // namespace popkeep::cmd
