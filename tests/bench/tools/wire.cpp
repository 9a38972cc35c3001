// wire: the limit that the wire sets. Logs in, asks for everything in one burst and throws the bytes away:
// no digest, no file, no ledger. Prints messages, bytes and seconds.
//
//     wire PORT USER PASSWORD [list]      list: UIDL and LIST only, as a run without new mail

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace {

[[noreturn]] void fail(const char* what) {
    std::fprintf(stderr, "wire: %s\n", what);
    std::exit(1);
}

class Stream {
  public:
    explicit Stream(std::uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address)) fail("cannot connect");
        const int on = 1;
        setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        fcntl(fd_, F_SETFL, O_NONBLOCK);
    }

    void say(std::string_view text) { pending_ += text; }

    // Sends what is pending and takes in what has come.
    std::string_view more() {
        for (;;) {
            pollfd poll_{fd_, static_cast<short>(POLLIN | (pending_.size() > sent_ ? POLLOUT : 0)), 0};
            poll(&poll_, 1, -1);
            if (poll_.revents & POLLOUT) {
                const ssize_t n = send(fd_, pending_.data() + sent_, pending_.size() - sent_, MSG_NOSIGNAL);
                if (n > 0) sent_ += static_cast<std::size_t>(n);
            }
            if (poll_.revents & (POLLIN | POLLHUP)) {
                const ssize_t n = recv(fd_, buffer_.data(), buffer_.size(), 0);
                if (n == 0) fail("the server closed the connection");
                if (n > 0) {
                    bytes += static_cast<std::uint64_t>(n);
                    return {buffer_.data(), static_cast<std::size_t>(n)};
                }
            }
        }
    }

    std::uint64_t bytes = 0;

  private:
    int fd_;
    std::string pending_;
    std::size_t sent_ = 0;
    std::vector<char> buffer_ = std::vector<char>(std::size_t{256} * 1024);
};

// Reads until the n-th line that begins with "+OK" and returns it; what follows it is kept in `rest`.
std::string status_line(Stream& stream, std::string& rest, int nth) {
    for (;;) {
        const std::size_t end = rest.find("\r\n");
        if (end == std::string::npos) {
            rest += stream.more();
            continue;
        }
        const std::string line = rest.substr(0, end);
        rest.erase(0, end + 2);
        if (line.starts_with("-ERR")) fail(line.c_str());
        if (--nth == 0) return line;
    }
}

// Counts CRLF . CRLF over any split.
class Dots {
  public:
    std::uint64_t count = 0;
    void feed(std::string_view text) {
        const std::string joined = tail_ + std::string(text.substr(0, 4));
        count += count_in(joined, 0, tail_.size());
        count += count_in(text, 0, text.size());
        const std::string last = tail_ + std::string(text.substr(text.size() - std::min<std::size_t>(4, text.size())));
        tail_ = last.substr(last.size() - std::min<std::size_t>(4, last.size()));
    }

  private:
    // Terminators in `text` that begin before `limit`.
    static std::uint64_t count_in(std::string_view text, std::size_t at, std::size_t limit) {
        std::uint64_t found = 0;
        while ((at = text.find("\r\n.\r\n", at)) < limit) ++found, at += 3;
        return found;
    }
    std::string tail_;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc < 4) fail("wire PORT USER PASSWORD [list]");
    const auto start = std::chrono::steady_clock::now();
    Stream stream(static_cast<std::uint16_t>(std::atoi(argv[1])));
    std::string rest;
    status_line(stream, rest, 1);
    stream.say("USER " + std::string(argv[2]) + "\r\nPASS " + argv[3] + "\r\nSTAT\r\n");
    status_line(stream, rest, 2);
    const std::string stat = status_line(stream, rest, 1);
    const std::uint64_t messages = std::strtoull(stat.c_str() + 4, nullptr, 10);
    std::uint64_t replies = messages;
    if (argc > 4) {
        replies = 2;
        stream.say("UIDL\r\nLIST\r\nQUIT\r\n");
    } else {
        std::string burst;
        for (std::uint64_t n = 1; n <= messages; ++n) burst += "RETR " + std::to_string(n) + "\r\n";
        stream.say(burst + "QUIT\r\n");
    }
    Dots dots;
    while (dots.count < replies) dots.feed(stream.more());
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    std::printf("messages=%llu bytes=%llu seconds=%.4f\n", static_cast<unsigned long long>(messages),
                static_cast<unsigned long long>(stream.bytes), took.count());
}
