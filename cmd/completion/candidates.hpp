#pragma once

#include <span>
#include <string>
#include <vector>

namespace popkeep::cmd {

/// What may stand at the end of a command line.
struct Candidates {
    struct Word {
        std::string text, meaning;
    };
    enum class Paths { none, files, directories };

    std::vector<Word> words;
    Paths paths = Paths::none;
};

/// `words`: what stands behind "popkeep", the last one being typed (it may be empty). Never throws for what
/// stands there: an unreadable configuration merely has no accounts.
Candidates candidates(std::span<const std::string> words);

}  // namespace popkeep::cmd
