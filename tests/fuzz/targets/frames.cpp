#include <sys/socket.h>

#include <array>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "file/fd.hpp"
#include "fuzz/split.hpp"
#include "fuzz/target.hpp"
#include "jobs/frame.hpp"
#include "jobs/receiver.hpp"
#include "jobs/sender.hpp"

namespace popkeep::fuzz {
namespace {

/// A socket pair, and what was said into it.
class Line {
  public:
    Line() {
        std::array<int, 2> ends{};
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
            throw std::runtime_error("no socket pair");
        near_ = file::Fd(ends[0]);
        far_ = file::Fd(ends[1]);
    }

    int near() const { return near_.get(); }

    void take() {
        std::array<char, 4096> block{};
        ssize_t got = 0;
        while ((got = recv(far_.get(), block.data(), block.size(), MSG_DONTWAIT)) > 0)
            said_.append(block.data(), static_cast<std::size_t>(got));
    }

    const std::string& said() const { return said_; }

  private:
    file::Fd near_, far_;
    std::string said_;
};

/// Tells on what it hears, as an account's process would.
class Relay : public fetch::Observer {
  public:
    void planned(const fetch::Plan& plan) override {
        sender_.planned(plan);
        line_.take();
    }
    void progress(std::uint64_t messages, std::uint64_t octets) override {
        // The sender leaves out what comes too often; a clock decides that.
        progress_.push_back({messages, octets});
    }
    void trouble(const fetch::Trouble& trouble) override {
        sender_.trouble(trouble);
        line_.take();
    }
    void round(const fetch::Round& round) override {
        require(round.number >= 1, "sessions are counted from 1");
        sender_.round(round);
        line_.take();
    }
    void waiting(std::chrono::seconds left) override {
        sender_.waiting(left);
        line_.take();
    }
    void note(std::string_view sentence) override {
        sender_.note(sentence);
        line_.take();
    }
    void warning(std::string_view sentence) override {
        sender_.warning(sentence);
        line_.take();
    }
    void conversation(pop3::Direction direction, std::string_view line) override {
        sender_.conversation(direction, line);
        line_.take();
    }
    void finished(const fetch::Summary& summary) {
        sender_.finished(summary);
        line_.take();
    }

    const std::string& said() const { return line_.said(); }
    const std::vector<std::array<std::uint64_t, 2>>& progress() const { return progress_; }

  private:
    Line line_;
    jobs::Sender sender_{line_.near()};
    std::vector<std::array<std::uint64_t, 2>> progress_;
};

struct Heard {
    std::string told;  ///< all of it, told on
    std::vector<std::array<std::uint64_t, 2>> progress;
    bool wants_terminal = false, left_terminal = false, refused = false;

    bool operator==(const Heard&) const = default;
};

Heard heard(const std::vector<std::string_view>& pieces) {
    Relay relay;
    jobs::Receiver receiver(relay);
    Heard all;
    try {
        for (const auto piece : pieces) receiver.feed(piece);
    } catch (const Error& error) {
        require(error.category() == Category::software, "a process of ours says no such thing");
        all.refused = true;
    }
    if (receiver.summary()) relay.finished(*receiver.summary());
    all.told = relay.said();
    all.progress = relay.progress();
    all.wants_terminal = receiver.wants_terminal();
    all.left_terminal = receiver.take_leave();
    return all;
}

/// The frames alone, and how they end.
std::vector<std::string> taken_apart(const std::vector<std::string_view>& pieces) {
    jobs::FrameBuffer buffer;
    std::vector<std::string> frames;
    try {
        for (const auto piece : pieces) {
            buffer.feed(piece);
            while (auto frame = buffer.next()) frames.push_back(*std::move(frame));
        }
        frames.emplace_back(buffer.empty() ? "whole" : "cut");
    } catch (const Error&) {
        frames.emplace_back("refused");
    }
    return frames;
}

}  // namespace

// A byte that says how the rest is split: what an account's process sends to its parent.
void frames(std::string_view input) {
    const unsigned seed = take_byte(input);
    const Heard whole = heard({input});
    require(heard(pieces_of(input, seed)) == whole, "pieces make no difference");
    const auto frames = taken_apart({input});
    for (std::size_t at = 0; at <= input.size() && input.size() <= 256; ++at)
        require(taken_apart({input.substr(0, at), input.substr(at)}) == frames,
                "no split makes a difference");

    const Heard again = heard({whole.told});
    require(!again.refused && again.told == whole.told, "told on and heard again it is the same");
}

}  // namespace popkeep::fuzz
