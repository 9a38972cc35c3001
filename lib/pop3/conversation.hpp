#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "pop3/decoder.hpp"
#include "pop3/limits.hpp"
#include "pop3/session.hpp"
#include "pop3/stream.hpp"

namespace popkeep::pop3 {

/// Commands and replies over a Stream. Every wait has a limit and ends on interrupt::requested(). What breaks
/// the conversation is thrown as SessionLost; afterwards it is of no more use.
class Conversation {
  public:
    /// `stream` and `options` must outlive the object.
    Conversation(Stream& stream, const Options& options, std::string place);
    Conversation(const Conversation&) = delete;
    Conversation& operator=(const Conversation&) = delete;
    ~Conversation();

    const Limits& limits() const { return limits_; }
    const std::string& place() const { return place_; }

    /// Queues a command, without line end. `shown` is what a trace sees; empty: the command itself.
    void send(std::string_view command, std::string_view shown = {});
    /// From now on this secret shows as "****" in traces, replies' texts, errors and masked(), should the
    /// server repeat it.
    void hide(std::string_view secret) { hidden_ = secret; }
    std::string masked(std::string_view text) const;
    /// Before a command that nothing precedes: there must be no input, or it would be taken for the answer.
    /// Blank lines are dropped.
    void expect_silence();
    /// QUIT; whether the answer was +OK. Once a stop was requested it is waited for a second at most.
    bool quit();
    /// Behind a last answer: the same, but the connection may have ended.
    void expect_nothing_behind();

    /// The next line, without its end, at most 64 KiB; valid until the next member call. The first one
    /// decides for the whole session how lines end.
    std::string_view line(std::chrono::seconds first_byte) { return line(Deadline::in(first_byte)); }
    /// The next status line. Blank lines in front of it are dropped: one behind the last answer may come too
    /// late for expect_silence().
    Reply reply(std::chrono::seconds first_byte);

    struct Body {
        std::uint64_t octets, bare_lf;
    };
    /// The multi-line part of a reply, decoded, in pieces as large as they arrive, into the sink's memory.
    /// One of more than `most` octets is taken for one that doesn't end.
    Body body(MessageSink& sink, std::uint64_t most);
    /// The same. `raw`: as it arrives, the final dot included.
    Body body(const std::function<void(std::string_view)>& content, bool raw = false);
    /// The same, line by line and without line ends; for lists: they are traced and at most 256 MiB.
    void lines(const std::function<void(std::string_view)>& line);

    enum class Next { closed, spoke, nothing };
    /// What the server does next, within `wait` (zero: what it has done already).
    Next await_close(std::chrono::seconds wait);

    /// What the conversation is about for as long as it exists: the message for SessionLost::during, and
    /// who is told of idle moments. A requested stop then lets the answer in hand go on for 3 seconds.
    class Topic {
      public:
        Topic(Conversation& conversation, MessageSink& sink) : conversation_(conversation) {
            conversation_.sink_ = &sink;
        }
        ~Topic() {
            conversation_.sink_ = nullptr;
            conversation_.during_ = nullptr;
        }
        Topic(const Topic&) = delete;
        Topic& operator=(const Topic&) = delete;
        void is(const Listed& message) { conversation_.during_ = &message; }

      private:
        Conversation& conversation_;
    };

    [[noreturn]] void lose(SessionLost::How how, std::string sentence, std::string_view said = {}) const;

  private:
    /// `decode`: takes what it can of the input.
    Body decoded(const std::function<Decoder::Step(Decoder& decoder, std::string_view input)>& decode);
    std::string_view line(Deadline deadline);
    /// The line that stands in the stream although nothing was asked, if there is one.
    std::optional<std::string> stray();
    bool is_farewell(std::string_view said);
    /// Waits for more input. False if there was none within a second or until `deadline`.
    bool step(Deadline deadline);
    void trace(Direction direction, std::string_view line) const;
    [[noreturn]] void lose_stray(std::string_view said) const;
    [[noreturn]] void lose_unanswered() const;
    [[noreturn]] void lose_dropped() const;

    Stream& stream_;
    const Options& options_;
    std::string place_, hidden_;
    Limits limits_;
    std::optional<LineEnd> line_end_;
    MessageSink* sink_ = nullptr;
    const Listed* during_ = nullptr;
    bool quitting_ = false;
    std::optional<Deadline> grace_;
};

}  // namespace popkeep::pop3
