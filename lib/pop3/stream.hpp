#pragma once

#include <curl/curl.h>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace popkeep::pop3 {

/// The byte stream of a connected session, sending and receiving without blocking each other. Knows no POP3.
class Stream {
  public:
    /// Large enough that a receive brings many small messages, small enough for the processor's cache.
    static constexpr std::size_t buffer_size = std::size_t{128} << 10;

    /// `handle`: connected; must outlive the object. Its CURLOPT_BUFFERSIZE is the most that one receive
    /// brings.
    explicit Stream(CURL* handle);

    /// Takes `bytes` for sending; receive() and step() send them.
    void queue(std::string_view bytes);

    /// What was received and not yet used up. Valid until the next member call.
    std::string_view input() const { return {buffer_.data() + begin_, end_ - begin_}; }
    void consume(std::size_t count) { begin_ += count; }

    /// Sends and receives what is possible at once. True if bytes or the end of the stream arrived.
    bool receive();
    /// The same, but waits for the network if nothing is possible: until something is, a stop is requested,
    /// `deadline` passes or a second is over. Before it waits it calls `pause`.
    bool step(Deadline deadline, const std::function<void()>& pause);

    /// Nothing more will be received: the other side closed, or the connection broke.
    bool ended() const { return ended_; }
    /// What libcurl said about a broken connection; empty after a plain close.
    const std::string& end_reason() const { return end_reason_; }

  private:
    void send_queued();
    void make_room();
    void end(CURLcode reason);

    CURL* handle_;
    int socket_ = -1;
    std::vector<char> buffer_;
    std::size_t begin_ = 0, end_ = 0;
    std::string queued_;
    std::size_t sent_ = 0;  // of queued_
    bool ended_ = false;
    std::string end_reason_;
};

}  // namespace popkeep::pop3
