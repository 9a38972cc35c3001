#include "base/error.hpp"
#include "config/values.hpp"
#include "fuzz/target.hpp"

namespace popkeep::fuzz {

// The argument of --password-command.
void command_line(std::string_view input) {
    try {
        const auto words = config::parse_command(input);
        require(!words.empty() && !words[0].empty(), "a command has a name");
        std::string quoted;
        for (const std::string& word : words) {
            require(word.size() <= input.size(), "words come from the text");
            quoted += " '";
            for (const char c : word) quoted += c == '\'' ? "'\\''" : std::string(1, c);
            quoted += '\'';
        }
        if (quoted.size() <= 8192)
            require(config::parse_command(quoted) == words, "quoted, they are the same");
    } catch (const Error& error) {
        require(error.category() == Category::usage, "a bad command is a matter of usage");
    }
}

}  // namespace popkeep::fuzz
