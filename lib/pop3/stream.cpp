#include "pop3/stream.hpp"

#include <openssl/crypto.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cstring>

#include "base/error.hpp"
#include "base/interrupt.hpp"

namespace popkeep::pop3 {
namespace {

constexpr std::size_t largest_record = 16 << 10;  // RFC 8446 section 5.1

/// While a batch is made durable, nobody receives. Where what arrives meanwhile finds no room, the server
/// stands still. Linux makes room for twice the mark, as far as tcp_rmem allows; the mark itself is of no
/// use.
void receive_ahead(int socket) {
    constexpr int batch = 8 << 20;
    for (const int mark : {batch, 1}) setsockopt(socket, SOL_SOCKET, SO_RCVLOWAT, &mark, sizeof mark);
}

}  // namespace

Stream::Stream(CURL* handle) : handle_(handle), buffer_(buffer_size) {
    curl_socket_t socket = CURL_SOCKET_BAD;
    if (curl_easy_getinfo(handle_, CURLINFO_ACTIVESOCKET, &socket) != CURLE_OK || socket == CURL_SOCKET_BAD)
        end(CURLE_SEND_ERROR);
    socket_ = socket;
    receive_ahead(socket_);
}

void Stream::queue(std::string_view bytes) {
    queued_ += bytes;
}

bool Stream::receive() {
    send_queued();
    make_room();
    const auto before = end_;
    const bool was_ended = ended_;
    // Over TLS a call brings a record's worth at most, hence the loop: fewer, larger pieces for the decoder.
    // One that brought more came from the socket itself, and was all that it had.
    for (std::size_t count = 0; !ended_ && end_ < buffer_.size() && count <= largest_record; end_ += count) {
        const CURLcode result = curl_easy_recv(handle_, buffer_.data() + end_, buffer_.size() - end_, &count);
        if (result == CURLE_AGAIN) break;
        if (result != CURLE_OK || count == 0) end(result);
    }
    return end_ != before || ended_ != was_ended;
}

bool Stream::step(Deadline deadline, const std::function<void()>& pause) {
    // Receiving comes before poll: TLS may hold bytes that the socket no longer has.
    if (receive() || ended_) return true;
    pause();
    std::array<pollfd, 2> waited{};
    waited[0] = {socket_, static_cast<short>(queued_.empty() ? POLLIN : POLLIN | POLLOUT), 0};
    // Once a stop was requested its descriptor stays readable and would turn every wait into a spin.
    waited[1] = {interrupt::requested() ? -1 : interrupt::descriptor(), POLLIN, 0};
    poll(waited.data(), waited.size(), deadline.poll_milliseconds(std::chrono::seconds(1)));
    return receive();
}

void Stream::send_queued() {
    if (queued_.empty()) return;
    while (!ended_ && sent_ < queued_.size()) {
        std::size_t count = 0;
        const CURLcode result =
            curl_easy_send(handle_, queued_.data() + sent_, queued_.size() - sent_, &count);
        if (result == CURLE_AGAIN) return;
        if (result != CURLE_OK) {
            // Not the end of what can be received: a farewell of the server may still be on its way.
            end_reason_ = curl_easy_strerror(result);
            sent_ = queued_.size();
            break;
        }
        sent_ += count;
    }
    // Commands may hold a password.
    OPENSSL_cleanse(queued_.data(), queued_.size());
    queued_.clear();
    sent_ = 0;
}

void Stream::make_room() {
    if (begin_ == 0) return;
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
}

void Stream::end(CURLcode reason) {
    ended_ = true;
    if (reason != CURLE_OK) end_reason_ = curl_easy_strerror(reason);
}

}  // namespace popkeep::pop3
