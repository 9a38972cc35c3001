#include "demo/session.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace popkeep::demo {
namespace {

// As on the wire: LIST counts CR LF, and doubled dots aren't counted.
std::size_t octets(const std::string& content) {
    return content.size() + static_cast<std::size_t>(std::ranges::count(content, '\n'));
}

std::string_view header_of(std::string_view content) {
    if (content.starts_with('\n')) return content.substr(0, 1);
    const std::size_t end = content.find("\n\n");
    return end == std::string_view::npos ? content : content.substr(0, end + 2);
}

}  // namespace

Session::Session(int connection, const std::vector<Message>& mailbox, const std::atomic<bool>& stop)
    : connection_(connection), mailbox_(mailbox), stop_(stop), removed_(mailbox.size()) {}

std::vector<std::string> Session::talk() {
    out_ = "+OK popkeep's demonstration mailbox\r\n";
    flush();
    std::string in;
    std::array<char, 4096> buffer{};
    while (!quit_ && !stop_) {
        pollfd wait{connection_, POLLIN, 0};
        if (poll(&wait, 1, 100) == 0) continue;
        const ssize_t got = recv(connection_, buffer.data(), buffer.size(), 0);
        if (got <= 0) return {};
        in.append(buffer.data(), static_cast<std::size_t>(got));
        for (std::size_t end = in.find("\r\n"); end != std::string::npos && !quit_; end = in.find("\r\n")) {
            quit_ = !answer(std::string_view(in).substr(0, end));
            in.erase(0, end + 2);
        }
        flush();
    }
    std::vector<std::string> gone;
    for (std::size_t i = 0; quit_ && i < mailbox_.size(); ++i) {
        if (removed_[i]) gone.push_back(mailbox_[i].uid);
    }
    return gone;
}

bool Session::answer(std::string_view line) {
    const std::size_t blank = line.find(' ');
    const std::string verb = lowered(line.substr(0, blank));
    const std::string_view argument = blank == std::string_view::npos ? "" : line.substr(blank + 1);
    if (verb == "capa") {
        out_ += "+OK\r\nUSER\r\nUIDL\r\nTOP\r\nPIPELINING\r\nIMPLEMENTATION popkeep-demo\r\n.\r\n";
    } else if (verb == "user" || verb == "pass" || verb == "noop") {
        out_ += "+OK\r\n";
    } else if (verb == "list" || verb == "uidl") {
        list(argument, verb == "uidl");
    } else if (verb == "retr") {
        retrieve(argument);
    } else if (verb == "top") {
        top(argument);
    } else if (verb == "dele") {
        remove(argument);
    } else if (verb == "quit") {
        out_ += "+OK bye\r\n";
        return false;
    } else {
        out_ += "-ERR unknown command\r\n";
    }
    return true;
}

void Session::list(std::string_view argument, bool uids) {
    const auto line = [&](std::size_t i) {
        return uids ? fmt::format("{} {}\r\n", i + 1, mailbox_[i].uid)
                    : fmt::format("{} {}\r\n", i + 1, octets(mailbox_[i].content));
    };
    if (!argument.empty()) {
        const Message* one = message(argument);
        out_ += one == nullptr ? "-ERR no such message\r\n"
                               : "+OK " + line(static_cast<std::size_t>(one - mailbox_.data()));
        return;
    }
    out_ += "+OK\r\n";
    for (std::size_t i = 0; i < mailbox_.size(); ++i) {
        if (!removed_[i]) out_ += line(i);
    }
    out_ += ".\r\n";
}

void Session::retrieve(std::string_view argument) {
    const Message* one = message(argument);
    if (one == nullptr) {
        out_ += "-ERR no such message\r\n";
        return;
    }
    out_ += "+OK\r\n";
    send_content(one->content);
}

void Session::top(std::string_view argument) {
    const Message* one = message(argument.substr(0, argument.find(' ')));
    if (one == nullptr) {
        out_ += "-ERR no such message\r\n";
        return;
    }
    out_ += "+OK\r\n";
    send_content(header_of(one->content));
}

void Session::remove(std::string_view argument) {
    const Message* one = message(argument);
    if (one != nullptr) removed_[static_cast<std::size_t>(one - mailbox_.data())] = true;
    out_ += one == nullptr ? "-ERR no such message\r\n" : "+OK\r\n";
}

const Message* Session::message(std::string_view number) const {
    const auto value = parse_number(number);
    if (!value || *value == 0 || *value > mailbox_.size() || removed_[*value - 1]) return nullptr;
    return &mailbox_[*value - 1];
}

void Session::send_content(std::string_view content) {
    while (!content.empty()) {
        const std::size_t end = std::min(content.find('\n'), content.size());
        if (content.starts_with('.')) out_ += '.';
        out_ += content.substr(0, end);
        out_ += "\r\n";
        content.remove_prefix(std::min(end + 1, content.size()));
    }
    out_ += ".\r\n";
    flush();
}

void Session::flush() {
    std::string_view rest = out_;
    while (!rest.empty() && !stop_) {
        pollfd wait{connection_, POLLOUT, 0};
        if (poll(&wait, 1, 100) == 0) continue;
        const ssize_t sent = send(connection_, rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent <= 0) break;
        rest.remove_prefix(static_cast<std::size_t>(sent));
    }
    out_.clear();
}

}  // namespace popkeep::demo
