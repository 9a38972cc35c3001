#pragma once

#include <string>
#include <vector>

namespace popkeep::demo {

struct Message {
    std::string uid;
    std::string content;  ///< line ends LF, as an archive records it
    std::string lesson;   ///< what is instructive about it; empty: an ordinary letter
};

/// A few dozen messages, most of them traps for programs that keep mail.
std::vector<Message> mailbox();

}  // namespace popkeep::demo
