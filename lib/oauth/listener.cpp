#include "oauth/listener.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>

#include "base/error.hpp"

namespace popkeep::oauth {
namespace {

constexpr std::size_t longest_request = std::size_t{32} << 10U;
constexpr std::size_t most_visitors = 16;
constexpr auto visitor_patience = std::chrono::seconds(30);

struct Parts {
    std::string host, path;
    std::uint16_t port = 0;
};

Parts parts_of(std::string_view url) {
    Parts parts;
    std::string_view rest = url.substr(std::min(url.size(), url.find("://") + 3));
    const std::size_t slash = std::min(rest.find_first_of("/?"), rest.size());
    parts.path = rest.substr(slash);
    if (!parts.path.starts_with('/')) parts.path.insert(0, "/");
    std::string_view authority = rest.substr(0, slash);
    const std::size_t bracket = authority.find(']');
    const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    if (colon != std::string_view::npos) {
        const std::string_view digits = authority.substr(colon + 1);
        std::from_chars(digits.data(), digits.data() + digits.size(), parts.port);
        authority = authority.substr(0, colon);
    }
    parts.host = authority;
    return parts;
}

file::Fd listen_on(int family, std::uint16_t port) {
    file::Fd fd(socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd) return {};
    const int yes = 1;
    setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    v6.sin6_addr = in6addr_loopback;
    const bool old = family == AF_INET;
    const auto* address = old ? reinterpret_cast<sockaddr*>(&v4) : reinterpret_cast<sockaddr*>(&v6);
    if (bind(fd.get(), address, old ? sizeof v4 : sizeof v6) != 0 || listen(fd.get(), 16) != 0) return {};
    return fd;
}

std::uint16_t port_of(const file::Fd& fd) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    if (getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
    return ntohs(address.ss_family == AF_INET ? reinterpret_cast<sockaddr_in&>(address).sin_port
                                              : reinterpret_cast<sockaddr_in6&>(address).sin6_port);
}

// What comes from outside is never repeated in the page.
std::string response(std::string_view status, std::string_view text) {
    const std::string page = fmt::format(
        "<!doctype html><meta charset=utf-8><title>popkeep</title><p style=\"font:1.2em sans-serif\">{}\n",
        text);
    return fmt::format(
        "HTTP/1.1 {}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n"
        "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n{}",
        status, page.size(), page);
}

void send_all(const file::Fd& fd, const std::string& text) {
    // A page as small as this fits the socket's buffer; a browser that has gone is no concern.
    [[maybe_unused]] const ssize_t sent = send(fd.get(), text.data(), text.size(), MSG_NOSIGNAL);
    shutdown(fd.get(), SHUT_WR);
}

}  // namespace

bool is_loopback(std::string_view url) {
    if (!url.starts_with("http://")) return false;
    const std::string host = parts_of(url).host;
    return host == "127.0.0.1" || host == "localhost" || host == "[::1]";
}

std::optional<std::string_view> target_of(std::string_view request, std::string_view path) {
    const std::string_view line = request.substr(0, request.find("\r\n"));
    const std::size_t space = line.find(' ');
    const std::string_view target =
        space == std::string_view::npos ? "" : line.substr(space + 1, line.rfind(' ') - space - 1);
    if (!line.starts_with("GET ") || target.substr(0, target.find('?')) != path) return std::nullopt;
    return target;
}

Listener::Listener(const std::string& redirect_url) {
    const Parts parts = parts_of(redirect_url);
    path_ = parts.path.substr(0, parts.path.find('?'));
    listeners_.push_back(listen_on(parts.host == "[::1]" ? AF_INET6 : AF_INET, parts.port));
    if (!listeners_.front())
        throw Error(Category::temporary, "the port for the browser's return can't be had")
            .at(redirect_url)
            .said(std::generic_category().message(errno))
            .next("end the program that has it, or name another port in oauth_redirect_url");
    const std::uint16_t port = port_of(listeners_.front());
    // Browsers may take localhost for either.
    if (parts.host == "localhost") {
        if (file::Fd other = listen_on(AF_INET6, port)) listeners_.push_back(std::move(other));
    }
    url_ = fmt::format("http://{}:{}{}", parts.host, port, parts.path);
}

void Listener::add_to(std::vector<pollfd>& waits) const {
    for (const file::Fd& fd : listeners_) waits.push_back({fd.get(), POLLIN, 0});
    for (const Visitor& visitor : visitors_) waits.push_back({visitor.fd.get(), POLLIN, 0});
}

void Listener::accept_from(const file::Fd& listener) {
    for (;;) {
        file::Fd fd(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (!fd) return;
        // The oldest makes room: it has had its chance.
        if (visitors_.size() == most_visitors) visitors_.erase(visitors_.begin());
        visitors_.push_back({std::move(fd), {}, Deadline::in(visitor_patience)});
    }
}

bool Listener::serve(const Take& take) {
    for (const file::Fd& listener : listeners_) accept_from(listener);
    bool taken = false;
    std::erase_if(visitors_, [&](Visitor& visitor) {
        std::array<char, 4096> block{};
        ssize_t got = 0;
        while ((got = read(visitor.fd.get(), block.data(), block.size())) > 0 &&
               visitor.request.size() < longest_request)
            visitor.request.append(block.data(), static_cast<std::size_t>(got));
        if (visitor.request.find("\r\n\r\n") != std::string::npos) {
            taken = answer(visitor, take) || taken;
            return true;
        }
        const bool waiting = got < 0 && (errno == EAGAIN || errno == EINTR);
        return !waiting || visitor.request.size() >= longest_request || visitor.patience.passed();
    });
    return taken;
}

bool Listener::answer(Visitor& visitor, const Take& take) const {
    const auto target = target_of(visitor.request, path_);
    if (!target) {
        send_all(visitor.fd, response("404 Not Found", "There is nothing here."));
        return false;
    }
    bool taken = false;
    try {
        taken = take(*target);
    } catch (...) {
        send_all(visitor.fd, response("200 OK", "The sign-in was turned down. The terminal says more."));
        throw;
    }
    send_all(
        visitor.fd,
        taken ? response("200 OK",
                         "popkeep has what it needs. You can close this page; the terminal says the rest.")
              : response("400 Bad Request", "This isn't the answer to the sign-in that popkeep waits for."));
    return taken;
}

}  // namespace popkeep::oauth
