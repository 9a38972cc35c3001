#include "pop3/pipeline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/interrupt.hpp"
#include "base/text.hpp"
#include "pop3/window.hpp"

namespace popkeep::pop3 {
namespace {

/// An estimate for the window only: header sections are rarely larger.
constexpr std::uint64_t header_octets = 16 << 10;

/// So many messages that are all refused as RFC 3206 says it of passing troubles of the system: none is at
/// fault.
constexpr std::size_t outage = 20;

/// LIST may be far off, but what goes on and on would fill the disk and keep the others waiting.
std::uint64_t most_octets(const Listed& message) {
    constexpr std::uint64_t generous = 64 << 20;
    constexpr std::uint64_t unlisted = std::uint64_t{2} << 30;
    return message.octets ? std::max(generous, 16 * std::min(*message.octets, unlisted)) : unlisted;
}

class Pipeline {
  public:
    Pipeline(Conversation& conversation, std::span<const Listed* const> wanted, MessageSink& sink,
             Fetching what, bool pipelined)
        : conversation_(conversation),
          topic_(conversation, sink),
          wanted_(wanted),
          sink_(sink),
          what_(what),
          window_(!pipelined) {}

    std::size_t run() {
        while (answered_ < wanted_.size()) {
            if (wants_more()) ask();
            if (window_.empty()) break;
            take_answer(*wanted_[answered_]);
            window_.answered();
            ++answered_;
        }
        pass_on_refusals();
        if (answered_ > 0) conversation_.expect_nothing_behind();
        return answered_;
    }

  private:
    bool wants_more() {
        if (interrupt::requested() || !sink_.more()) stopped_ = true;
        return !stopped_;
    }

    void ask() {
        // A stray answer would be taken for the next message; the one before it is the suspect then.
        if (window_.empty() && asked_ < wanted_.size()) conversation_.expect_silence();
        while (asked_ < wanted_.size()) {
            const Listed& message = *wanted_[asked_];
            const bool whole = what_ == Fetching::whole;
            const auto command =
                whole ? fmt::format("RETR {}", message.number) : fmt::format("TOP {} 0", message.number);
            const auto octets = whole ? message.octets : header_octets;
            const auto text = command.size() + 2;
            if (!window_.has_room(octets, text)) return;
            conversation_.send(command);
            window_.asked(octets, text);
            ++asked_;
        }
    }

    void take_answer(const Listed& message) {
        topic_.is(message);
        const auto reply = conversation_.reply(conversation_.limits().first_byte);
        if (!reply.ok) {
            if (is_farewell(reply))
                conversation_.lose(SessionLost::How::dropped, "the server ended the session", reply.text);
            refused(message, reply);
            return;
        }
        pass_on_refusals();
        sink_.begin(message);
        const auto body = conversation_.body(sink_, most_octets(message));
        sink_.end(body.octets, body.bare_lf);
    }

    void refused(const Listed& message, const Reply& reply) {
        const bool may_be_outage =
            what_ == Fetching::whole && reply.code == ResponseCode::sys_temp && refusals_.size() == answered_;
        if (!may_be_outage) {
            pass_on_refusals();
            sink_.refused(message, reply);
            return;
        }
        refusals_.emplace_back(&message, reply);
        if (refusals_.size() == outage)
            throw Error(Category::temporary, "the server can't give out any message at the moment")
                .at(conversation_.place())
                .said(reply.text);
    }

    /// Those that may have been an outage's: of all messages asked for so far.
    void pass_on_refusals() {
        for (const auto& [message, reply] : std::exchange(refusals_, {})) sink_.refused(*message, reply);
    }

    /// A farewell that crossed our command ("Disconnected for inactivity", "Server shutting down") says
    /// nothing about the message. Where its words sound like one, the end of the stream is waited for a
    /// little.
    bool is_farewell(const Reply& reply) {
        const auto text = lowered(reply.text);
        const auto says = [&](const char* word) { return text.find(word) != std::string::npos; };
        const bool sounds_so =
            says("disconnect") || says("shutting down") || says("inactiv") || says("timeout");
        const auto wait = std::chrono::seconds(sounds_so ? 1 : 0);
        return conversation_.await_close(wait) == Conversation::Next::closed;
    }

    Conversation& conversation_;
    Conversation::Topic topic_;
    std::span<const Listed* const> wanted_;
    MessageSink& sink_;
    Fetching what_;
    Window window_;
    std::size_t asked_ = 0, answered_ = 0;
    std::vector<std::pair<const Listed*, Reply>> refusals_;  // not passed on yet
    bool stopped_ = false;
};

}  // namespace

std::size_t fetch_messages(Conversation& conversation, std::span<const Listed* const> wanted,
                           MessageSink& sink, Fetching what, bool pipelined) {
    return Pipeline(conversation, wanted, sink, what, pipelined).run();
}

}  // namespace popkeep::pop3
