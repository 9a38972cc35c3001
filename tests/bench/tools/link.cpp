// link: a TCP proxy on loopback that adds a round-trip time and, if asked, caps the bandwidth, so that a
// fetch over it meets a far server. One thread, one poll; what it can carry itself is measured by the bench.
//
//     link TO_PORT RTT_MS [MBIT]      prints "port=N"; "bytes=… turns=…" after each connection; ends with
//     stdin
//
// A far server's greeting takes two round trips (SYN, SYN-ACK, ACK, greeting): the proxy accepts at once, so
// it connects onward one and a half later, and half a one passes on the way back. A turn is counted when the
// client sends after the server did: a client's waits, each at least a round trip.

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <list>
#include <optional>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using Nanoseconds = std::chrono::nanoseconds;

constexpr std::size_t chunk = 256 * 1024;
// More than any bandwidth-delay product that is measured here: the queue must never throttle.
constexpr std::size_t most_queued = 256UL * 1024 * 1024;

int socket_for(std::uint16_t port, bool listening) {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    auto* plain = reinterpret_cast<sockaddr*>(&address);
    const int failed =
        listening ? bind(fd, plain, sizeof address) || listen(fd, 256) : connect(fd, plain, sizeof address);
    if (failed) {
        perror("link");
        std::exit(1);
    }
    return fd;
}

void make_quick(int fd) {
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(fd, F_SETFL, O_NONBLOCK);
}

// One direction: bytes wait until their time has come.
struct Pipe {
    struct Piece {
        Clock::time_point due;
        std::string bytes;
        std::size_t sent = 0;
    };
    Nanoseconds delay{};
    double bytes_per_second = 0;  // 0: no cap
    std::deque<Piece> queue;
    std::size_t queued = 0;
    std::uint64_t total = 0;
    Clock::time_point line_free{};  // when the capped line has carried all that was read so far
    bool ended = false, closed = false;

    bool wants_input() const { return !ended && queued < most_queued; }

    // False if there is nothing more to read now.
    bool read_from(int fd, Clock::time_point now) {
        std::string bytes(chunk, '\0');
        const ssize_t got = recv(fd, bytes.data(), bytes.size(), 0);
        if (got < 0) {
            if (errno != EAGAIN && errno != EINTR) ended = true;
            return false;
        }
        if (got == 0) {
            ended = true;
            return false;
        }
        bytes.resize(static_cast<std::size_t>(got));
        if (bytes_per_second > 0) {
            line_free = std::max(line_free, now) +
                        std::chrono::duration_cast<Nanoseconds>(
                            std::chrono::duration<double>(static_cast<double>(got) / bytes_per_second));
        }
        queued += bytes.size();
        total += bytes.size();
        queue.push_back({std::max(line_free, now) + delay, std::move(bytes)});
        return true;
    }

    // When to look again; nothing: when the other side is readable or writable.
    std::optional<Clock::time_point> write_to(int fd, Clock::time_point now, bool& blocked) {
        blocked = false;
        while (!queue.empty()) {
            Piece& piece = queue.front();
            if (piece.due > now) return piece.due;
            const ssize_t sent =
                send(fd, piece.bytes.data() + piece.sent, piece.bytes.size() - piece.sent, MSG_NOSIGNAL);
            if (sent < 0) {
                if (errno == EAGAIN || errno == EINTR) {
                    blocked = true;
                } else {
                    queue.clear();
                    ended = true;
                }
                return {};
            }
            piece.sent += static_cast<std::size_t>(sent);
            queued -= static_cast<std::size_t>(sent);
            if (piece.sent == piece.bytes.size()) queue.pop_front();
        }
        if (ended && !closed) {
            closed = true;
            shutdown(fd, SHUT_WR);
        }
        return {};
    }
};

struct Connection {
    int client, server = -1;
    Clock::time_point connect_at;
    Pipe up, down;
    bool up_blocked = false, down_blocked = false;
    bool server_spoke = true;  // the connect itself is the first turn
    std::uint64_t turns = 0;

    bool over() const { return up.closed && down.closed; }
};

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        std::fprintf(stderr, "link TO_PORT RTT_MS [MBIT]\n");
        return 64;
    }
    const auto to = static_cast<std::uint16_t>(std::atoi(argv[1]));
    const auto rtt = std::chrono::duration_cast<Nanoseconds>(
        std::chrono::duration<double, std::milli>(std::atof(argv[2])));
    const double rate = argc > 3 ? std::atof(argv[3]) * 1e6 / 8 : 0;

    const int listener = socket_for(0, true);
    fcntl(listener, F_SETFL, O_NONBLOCK);
    sockaddr_in address{};
    socklen_t length = sizeof address;
    getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length);
    std::printf("port=%d\n", ntohs(address.sin_port));
    std::fflush(stdout);

    std::list<Connection> connections;
    for (;;) {
        Clock::time_point now = Clock::now();
        std::optional<Clock::time_point> wake;
        const auto wake_at = [&](std::optional<Clock::time_point> at) {
            if (at && (!wake || *at < *wake)) wake = at;
        };
        std::vector<pollfd> polls{{STDIN_FILENO, POLLIN, 0}, {listener, POLLIN, 0}};
        for (auto it = connections.begin(); it != connections.end();) {
            Connection& c = *it;
            if (c.server < 0 && now >= c.connect_at) {
                c.server = socket_for(to, false);
                make_quick(c.server);
            }
            if (c.server < 0) {
                wake_at(c.connect_at);
            } else {
                wake_at(c.up.write_to(c.server, now, c.up_blocked));
                wake_at(c.down.write_to(c.client, now, c.down_blocked));
            }
            if (c.over()) {
                std::printf("bytes=%llu turns=%llu\n", static_cast<unsigned long long>(c.down.total),
                            static_cast<unsigned long long>(c.turns));
                std::fflush(stdout);
                close(c.client);
                close(c.server);
                it = connections.erase(it);
                continue;
            }
            const auto events = [](bool in, bool out) {
                return static_cast<short>((in ? POLLIN : 0) | (out ? POLLOUT : 0));
            };
            polls.push_back({c.client, events(c.up.wants_input(), c.down_blocked), 0});
            polls.push_back({c.server, events(c.down.wants_input(), c.up_blocked), 0});  // -1 is ignored
            ++it;
        }
        timespec timeout{};
        if (wake) {
            const auto left = std::max(Nanoseconds(0), Nanoseconds(*wake - Clock::now()));
            timeout = {left.count() / 1'000'000'000, left.count() % 1'000'000'000};
        }
        ppoll(polls.data(), polls.size(), wake ? &timeout : nullptr, nullptr);
        if (polls[0].revents) return 0;
        now = Clock::now();
        std::size_t at = 2;
        for (Connection& c : connections) {
            const bool from_client = polls[at].revents != 0 && c.up.wants_input();
            const bool from_server = polls[at + 1].revents != 0 && c.down.wants_input();
            at += 2;
            if (from_client && c.up.read_from(c.client, now)) {
                c.turns += c.server_spoke ? 1 : 0;
                c.server_spoke = false;
            }
            if (from_server && c.down.read_from(c.server, now)) c.server_spoke = true;
        }
        if (polls[1].revents) {
            for (int fd; (fd = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
                make_quick(fd);
                Connection& c = connections.emplace_back();
                c.client = fd;
                c.connect_at = now + rtt * 3 / 2;
                c.up.delay = c.down.delay = rtt / 2;
                c.up.bytes_per_second = c.down.bytes_per_second = rate;
            }
        }
    }
}
