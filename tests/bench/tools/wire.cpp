// wire: the limit that the wire sets. Logs in step by step, asks for everything in one burst and throws the
// bytes away: no digest, no file, no ledger. Prints messages, bytes and seconds.
//
//     wire PORT USER PASSWORD [list] [tls]      list: UIDL and LIST only, as a run without new mail

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
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
    Stream(std::uint16_t port, bool tls) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address)) fail("cannot connect");
        const int on = 1;
        setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (tls) {
            ssl_ = SSL_new(SSL_CTX_new(TLS_client_method()));
            SSL_set_mode(ssl_, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
            SSL_set_fd(ssl_, fd_);
            if (SSL_connect(ssl_) != 1) fail("no TLS");
        }
        fcntl(fd_, F_SETFL, O_NONBLOCK);
    }

    void say(std::string_view text) { pending_ += text; }

    // Sends what is pending and takes in what has come.
    std::string_view more() {
        for (;;) {
            if (pending_.size() > sent_) sent_ += write();
            if (const std::size_t got = read()) {
                bytes += got;
                return {buffer_.data(), got};
            }
            pollfd poll_{fd_, static_cast<short>(POLLIN | (pending_.size() > sent_ ? POLLOUT : 0)), 0};
            poll(&poll_, 1, -1);
        }
    }

    std::uint64_t bytes = 0;

  private:
    std::size_t write() {
        const char* const text = pending_.data() + sent_;
        const std::size_t left = pending_.size() - sent_;
        std::size_t sent = 0;
        if (ssl_) return SSL_write_ex(ssl_, text, left, &sent) == 1 ? sent : 0;
        return static_cast<std::size_t>(std::max<ssize_t>(0, send(fd_, text, left, MSG_NOSIGNAL)));
    }

    std::size_t read() {
        if (ssl_) {
            std::size_t got = 0;
            if (SSL_read_ex(ssl_, buffer_.data(), buffer_.size(), &got) == 1) return got;
            if (SSL_get_error(ssl_, 0) != SSL_ERROR_WANT_READ) fail("the server closed the connection");
            return 0;
        }
        const ssize_t got = recv(fd_, buffer_.data(), buffer_.size(), 0);
        if (got == 0) fail("the server closed the connection");
        return static_cast<std::size_t>(std::max<ssize_t>(0, got));
    }

    int fd_;
    SSL* ssl_ = nullptr;
    std::string pending_;
    std::size_t sent_ = 0;
    std::vector<char> buffer_ = std::vector<char>(std::size_t{256} * 1024);
};

// The next line; what follows it is kept in `rest`.
std::string status_line(Stream& stream, std::string& rest) {
    std::size_t end = 0;
    while ((end = rest.find("\r\n")) == std::string::npos) rest += stream.more();
    const std::string line = rest.substr(0, end);
    rest.erase(0, end + 2);
    if (line.starts_with("-ERR")) fail(line.c_str());
    return line;
}

// Counts CRLF . CRLF over any split.
class Dots {
  public:
    std::uint64_t count = 0;
    void feed(std::string_view text) {
        const std::string joined = tail_ + std::string(text.substr(0, 4));
        count += count_in(joined, 0, tail_.size());
        count += count_in(text, 0, text.size());
        const std::string last =
            tail_ + std::string(text.substr(text.size() - std::min<std::size_t>(4, text.size())));
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
    if (argc < 4) fail("wire PORT USER PASSWORD [list] [tls]");
    const std::vector<std::string_view> modes(argv + 4, argv + argc);
    const auto asked_for = [&](std::string_view mode) {
        return std::ranges::find(modes, mode) != modes.end();
    };
    const auto start = std::chrono::steady_clock::now();
    Stream stream(static_cast<std::uint16_t>(std::atoi(argv[1])), asked_for("tls"));
    std::string rest;
    status_line(stream, rest);
    std::string stat;
    for (const std::string& command :
         {"USER " + std::string(argv[2]), "PASS " + std::string(argv[3]), std::string("STAT")}) {
        stream.say(command + "\r\n");
        stat = status_line(stream, rest);
    }
    const std::uint64_t messages = std::strtoull(stat.c_str() + 4, nullptr, 10);
    std::uint64_t replies = messages;
    if (asked_for("list")) {
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
