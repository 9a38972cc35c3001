#pragma once

#include <atomic>
#include <string>
#include <string_view>
#include <vector>

#include "demo/mailbox.hpp"

namespace popkeep::demo {

/// The server's half of one POP3 session.
class Session {
  public:
    /// `stop`: gives up within a fraction of a second.
    Session(int connection, const std::vector<Message>& mailbox, const std::atomic<bool>& stop);

    /// Talks until QUIT or the end of the connection. The UIDs of the messages to remove: none without QUIT.
    std::vector<std::string> talk();

  private:
    /// False: the session is over.
    bool answer(std::string_view line);
    void list(std::string_view argument, bool uids);
    void retrieve(std::string_view argument);
    void top(std::string_view argument);
    void remove(std::string_view argument);
    /// Nothing if there is no such message or it is marked for removal.
    const Message* message(std::string_view number) const;
    void send_content(std::string_view content);
    void flush();

    int connection_;
    const std::vector<Message>& mailbox_;
    const std::atomic<bool>& stop_;
    std::vector<bool> removed_;
    std::string out_;
    bool quit_ = false;
};

}  // namespace popkeep::demo
