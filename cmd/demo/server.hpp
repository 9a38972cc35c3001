#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "demo/mailbox.hpp"
#include "file/fd.hpp"

namespace popkeep::demo {

/// An ordinary POP3 server (RFC 1939, 2449) for one mailbox on loopback, in a thread of its own; one session
/// at a time, messages go at QUIT. Any user and password will do.
class Server {
  public:
    explicit Server(std::vector<Message> mailbox);
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    ~Server();

    std::uint16_t port() const noexcept { return port_; }
    /// Messages that are left in the mailbox.
    std::size_t left();

  private:
    void serve();

    std::vector<Message> mailbox_;
    std::mutex mutex_;  // guards mailbox_
    file::Fd listener_;
    std::atomic<bool> stop_{false};
    std::uint16_t port_ = 0;
    std::thread thread_;
};

}  // namespace popkeep::demo
