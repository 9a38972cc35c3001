#include "pop3/capability.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "fuzz/target.hpp"

namespace popkeep::fuzz {

void capability(std::string_view input) {
    pop3::Capabilities all;
    pop3::Capabilities lower;
    for (const auto line : split(input, '\n')) {
        all.add(line);
        lower.add(lowered(line));
    }
    require(all.lines().size() <= 200, "lines are bounded");
    require(all.lines().size() == lower.lines().size(), "case decides nothing");
    for (const std::string& line : all.lines()) {
        require(line.size() <= 512, "a line is bounded");
        const auto begin = line.find_first_not_of(" \t");
        require(begin != std::string::npos, "a blank line is none");
        const auto end = std::min(line.find_first_of(" \t", begin), line.size());
        const std::string keyword = line.substr(begin, end - begin);
        require(all.has(keyword) && lower.has(keyword), "what was added is there, in any case");
        const auto arguments = all.arguments(keyword);
        require(arguments.size() == lower.arguments(keyword).size(), "arguments don't depend on case");
        for (const std::string& argument : arguments)
            require(!argument.empty() && argument.find_first_of(" \t") == std::string::npos,
                    "an argument is a word");
    }
}

}  // namespace popkeep::fuzz
