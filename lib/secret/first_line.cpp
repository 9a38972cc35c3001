#include "secret/first_line.hpp"

#include "secret/password.hpp"

namespace popkeep::secret {

std::string first_line(std::string& text) {
    std::string line = text.substr(0, text.find('\n'));
    if (line.size() < text.size() && line.ends_with('\r')) line.pop_back();
    wipe(text);
    return line;
}

}  // namespace popkeep::secret
