#include "demo/server.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/error.hpp"
#include "demo/session.hpp"

namespace popkeep::demo {

Server::Server(std::vector<Message> mailbox)
    : mailbox_(std::move(mailbox)), listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (!listener_ || bind(listener_.get(), generic, size) != 0 || listen(listener_.get(), 8) != 0 ||
        getsockname(listener_.get(), generic, &size) != 0) {
        throw system_error(errno, "listen on a free port", "127.0.0.1");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
}

Server::~Server() {
    stop_ = true;
    thread_.join();
}

std::size_t Server::left() {
    const std::lock_guard guard(mutex_);
    return mailbox_.size();
}

void Server::serve() {
    while (!stop_) {
        pollfd wait{listener_.get(), POLLIN, 0};
        if (poll(&wait, 1, 50) <= 0) continue;
        const file::Fd connection(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (!connection) continue;
        const auto gone = Session(connection.get(), mailbox_, stop_).talk();
        const std::lock_guard guard(mutex_);
        std::erase_if(mailbox_, [&](const Message& message) {
            return std::ranges::find(gone, message.uid) != gone.end();
        });
    }
}

}  // namespace popkeep::demo
