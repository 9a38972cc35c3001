#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <utility>

#include "base/clock.hpp"
#include "base/interrupt.hpp"
#include "oauth/authorization.hpp"
#include "oauth/listener.hpp"
#include "oauth/login.hpp"

namespace popkeep::oauth {
namespace {

constexpr auto sign_in_patience = std::chrono::minutes(10);
constexpr std::size_t longest_paste = std::size_t{16} << 10U;

/// Lines that a person pastes.
class Pasted {
  public:
    explicit Pasted(int fd) : fd_(fd) {}
    int fd() const { return fd_; }

    /// Takes in what has come. At the end of the input nothing more is waited for.
    void take() {
        std::array<char, 4096> block{};
        const ssize_t got = ::read(fd_, block.data(), block.size());
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (got > 0) text_.append(block.data(), static_cast<std::size_t>(got));
        if (got > 0 && text_.size() <= longest_paste) return;
        fd_ = -1;
        if (!text_.empty()) text_ += '\n';
    }

    /// The next whole line, without the blanks that a paste may bring along; several may have come at once.
    std::optional<std::string> line() {
        const std::size_t end = text_.find('\n');
        if (end == std::string::npos) return std::nullopt;
        std::string line = text_.substr(0, end);
        text_.erase(0, end + 1);
        constexpr const char* blanks = " \t\r";
        line.erase(0, line.find_first_not_of(blanks));
        line.erase(line.find_last_not_of(blanks) + 1);
        return line;
    }

  private:
    int fd_;
    std::string text_;
};

class Waiting {
  public:
    Waiting(Authorization& authorization, Listener* listener, Person& person)
        : authorization_(authorization), listener_(listener), person_(person), pasted_(person.input()) {}

    /// Until the code is there.
    void wait() {
        const Deadline deadline = Deadline::in(sign_in_patience);
        while (!is_there()) {
            interrupt::check();
            if (deadline.passed())
                throw Error(Category::temporary, "nobody signed in within ten minutes").next("run it again");
            if (listener_ == nullptr && pasted_.fd() < 0)
                throw Error(Category::permission, "no address was pasted").next("run it again");
            std::vector<pollfd> waits{{interrupt::descriptor(), POLLIN, 0}, {pasted_.fd(), POLLIN, 0}};
            if (listener_ != nullptr) listener_->add_to(waits);
            poll(waits.data(), waits.size(), deadline.poll_milliseconds(std::chrono::seconds(1)));
            typed_ = waits[1].revents != 0;
        }
    }

  private:
    bool is_there() {
        if (listener_ != nullptr && listener_->serve([this](std::string_view target) {
                return authorization_.read(target) == Authorization::Reading::code;
            }))
            return true;
        if (std::exchange(typed_, false)) pasted_.take();
        while (const auto line = pasted_.line()) {
            if (!line->empty() && is_code(*line)) return true;
        }
        return false;
    }

    bool is_code(const std::string& line) {
        const auto reading = authorization_.read(line);
        if (reading == Authorization::Reading::foreign)
            person_.tell("that address is from another sign-in; paste the one that the browser shows now");
        if (reading == Authorization::Reading::nothing)
            person_.tell("that is not the address; paste all of it, from http to its end");
        return reading == Authorization::Reading::code;
    }

    Authorization& authorization_;
    Listener* listener_;
    Person& person_;
    Pasted pasted_;
    bool typed_ = false;
};

}  // namespace

Tokens sign_in_by_browser(const Client& client, Person& person) {
    std::optional<Listener> listener;
    if (is_loopback(client.redirect_url)) listener.emplace(client.redirect_url);
    Authorization authorization(client, listener ? listener->url() : client.redirect_url);
    person.invite(authorization.url(), listener.has_value());
    Waiting(authorization, listener ? &*listener : nullptr, person).wait();
    return authorization.redeem();
}

}  // namespace popkeep::oauth
