#include "shell_word.hpp"

#include "base/text.hpp"

namespace popkeep::cmd {

std::string shell_word(const std::string& word) {
    const bool plain =
        word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@._-+:/") ==
        std::string::npos;
    if (plain) return word;
    std::string out = "'";
    for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return printable(out + "'", 4096);
}

}  // namespace popkeep::cmd
