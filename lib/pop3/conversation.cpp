#include "pop3/conversation.hpp"

#include <openssl/crypto.h>

#include <cstring>
#include <utility>

#include "base/bytes.hpp"
#include "base/interrupt.hpp"
#include "pop3/mask.hpp"

namespace popkeep::pop3 {
namespace {

constexpr std::size_t longest_line = 64 << 10;
constexpr std::uint64_t largest_list = 256 << 20;
constexpr int most_blank_lines = 100;
// Signals: committed and closed within 5 s.
constexpr auto grace = std::chrono::seconds(3);
constexpr auto grace_of_quit = std::chrono::seconds(1);

/// An answer that brings less than 1 KiB a minute is stalled. Looked at over whole periods, so that a slow
/// start is forgiven.
class StallWatch {
  public:
    explicit StallWatch(std::chrono::seconds period) : period_(period), end_(Deadline::in(period)) {}
    void saw(std::size_t bytes) { bytes_ += bytes; }
    bool is_stalled() {
        if (!end_.passed()) return false;
        const bool slow = bytes_ < 1024 * static_cast<std::uint64_t>(period_.count()) / 60;
        bytes_ = 0;
        end_ = Deadline::in(period_);
        return slow;
    }

  private:
    std::chrono::seconds period_;
    Deadline end_;
    std::uint64_t bytes_ = 0;
};

std::string_view without_line_end(std::string_view line) {
    if (line.ends_with('\n')) line.remove_suffix(1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

}  // namespace

Conversation::Conversation(Stream& stream, const Options& options, std::string place)
    : stream_(stream), options_(options), place_(std::move(place)), limits_(Limits::of(options)) {}

Conversation::~Conversation() {
    OPENSSL_cleanse(hidden_.data(), hidden_.size());
}

void Conversation::send(std::string_view command, std::string_view shown) {
    trace(Direction::sent, shown.empty() ? command : shown);
    stream_.queue(command);
    stream_.queue("\r\n");
}

std::optional<std::string> Conversation::stray() {
    stream_.receive();
    for (;;) {
        const std::string_view text = stream_.input();
        if (text.empty() || text == "\r") return std::nullopt;
        const bool lf = text.starts_with('\n');
        if (!lf && !text.starts_with("\r\n")) return std::string(line(limits_.silence));
        trace(Direction::received, "");
        stream_.consume(lf ? 1 : 2);
    }
}

// "-ERR Disconnected for inactivity" and the like are no answer.
bool Conversation::is_farewell(std::string_view said) {
    return said.starts_with("-ERR") && await_close(std::chrono::seconds(1)) == Next::closed;
}

void Conversation::expect_silence() {
    if (const auto said = stray()) {
        if (is_farewell(*said)) lose(SessionLost::How::dropped, "the server ended the session", *said);
        lose_stray(*said);
    }
    if (stream_.input().empty() && stream_.ended()) lose_dropped();
}

bool Conversation::quit() {
    quitting_ = true;
    grace_.reset();
    expect_silence();
    send("QUIT");
    return reply(limits_.quit).ok;
}

void Conversation::expect_nothing_behind() {
    const auto said = stray();
    if (said && !is_farewell(*said)) lose_stray(*said);
}

std::string_view Conversation::line(Deadline deadline) {
    std::size_t scanned = 0;
    for (;;) {
        const std::string_view text = stream_.input();
        if (const auto newline = text.find('\n', scanned); newline != std::string_view::npos) {
            const auto whole = text.substr(0, newline + 1);
            if (!line_end_) line_end_ = whole.ends_with("\r\n") ? LineEnd::crlf : LineEnd::lf;
            stream_.consume(whole.size());
            const auto found = without_line_end(whole);
            trace(Direction::received, found);
            return found;
        }
        if (text.size() > longest_line)
            lose(SessionLost::How::desynchronised, "the server sent a line of more than 64 KiB");
        scanned = text.size();
        if (stream_.ended()) lose_dropped();
        if (step(deadline)) {
            // What has begun must not drip for ever: the limit holds for the whole line.
            if (scanned == 0) deadline = earlier(deadline, Deadline::in(limits_.silence));
        } else if (deadline.passed()) {
            lose_unanswered();
        }
    }
}

Reply Conversation::reply(std::chrono::seconds first_byte) {
    const auto deadline = Deadline::in(first_byte);
    auto text = line(deadline);
    for (int blank = 0; text.empty() && blank < most_blank_lines; ++blank) text = line(deadline);
    auto reply = parse_reply(text);
    if (!reply) lose(SessionLost::How::desynchronised, "what the server sent is not an answer", text);
    reply->text = masked(reply->text);
    return std::move(*reply);
}

Conversation::Body Conversation::body(MessageSink& sink, std::uint64_t most) {
    return decoded([&](Decoder& decoder, std::string_view input) {
        const auto step = decoder.decode(input, sink.room(input.size()).data());
        sink.content(step.content);
        if (decoder.octets() > most) lose(SessionLost::How::dropped, "the server doesn't end the message");
        return step;
    });
}

Conversation::Body Conversation::body(const std::function<void(std::string_view)>& content, bool raw) {
    Bytes piece;
    return decoded([&](Decoder& decoder, std::string_view input) {
        piece.resize(input.size());
        const auto step = decoder.decode(input, piece.data());
        const auto taken = raw ? input.substr(0, step.used) : view(piece).substr(0, step.content);
        if (!taken.empty()) content(taken);
        return step;
    });
}

Conversation::Body Conversation::decoded(
    const std::function<Decoder::Step(Decoder& decoder, std::string_view input)>& decode) {
    Decoder decoder(line_end_.value_or(LineEnd::crlf));
    StallWatch stall(limits_.stall);
    auto silence = Deadline::in(limits_.silence);
    for (;;) {
        const auto taken = decode(decoder, stream_.input());
        stream_.consume(taken.used);
        if (taken.ended) return {decoder.octets(), decoder.bare_lf()};

        if (stream_.ended()) lose_dropped();
        const auto held_back = stream_.input().size();
        if (step(silence)) {
            stall.saw(stream_.input().size() - held_back);
            silence = Deadline::in(limits_.silence);
        } else if (silence.passed()) {
            lose(SessionLost::How::silent, "the server went silent in the middle of an answer");
        }
        if (stall.is_stalled()) lose(SessionLost::How::silent, "the data is stalled");
    }
}

void Conversation::lines(const std::function<void(std::string_view)>& line) {
    std::string begun;  // a line that goes on in the next piece
    std::uint64_t total = 0;
    const auto take = [&](std::string_view text) {
        text = without_line_end(text);
        trace(Direction::received, text);
        line(text);
    };
    body([&](std::string_view piece) {
        total += piece.size();
        if (total > largest_list) lose(SessionLost::How::desynchronised, "the server doesn't end its list");
        while (!piece.empty()) {
            const auto newline = piece.find('\n');
            const auto part = piece.substr(0, newline);
            piece.remove_prefix(newline == std::string_view::npos ? piece.size() : newline + 1);
            if (begun.size() + part.size() > longest_line)
                lose(SessionLost::How::desynchronised, "the server sent a line of more than 64 KiB");
            if (newline == std::string_view::npos) {
                begun += part;
            } else if (begun.empty()) {
                take(part);
            } else {
                take(begun += part);
                begun.clear();
            }
        }
    });
}

Conversation::Next Conversation::await_close(std::chrono::seconds wait) {
    const auto deadline = Deadline::in(wait);
    stream_.receive();
    while (!stream_.ended() && stream_.input().empty() && !deadline.passed()) step(deadline);
    if (!stream_.input().empty()) return Next::spoke;
    return stream_.ended() ? Next::closed : Next::nothing;
}

bool Conversation::step(Deadline deadline) {
    if (interrupt::requested()) {
        if (sink_ == nullptr && !quitting_) interrupt::check();
        if (!grace_) grace_ = Deadline::in(quitting_ ? grace_of_quit : grace);
        if (grace_->passed()) interrupt::check();
        deadline = earlier(deadline, *grace_);
    }
    return stream_.step(deadline, [this] {
        if (sink_ != nullptr) sink_->idle();
    });
}

std::string Conversation::masked(std::string_view text) const {
    return pop3::masked(text, hidden_);
}

void Conversation::trace(Direction direction, std::string_view line) const {
    if (options_.trace) options_.trace(direction, masked(line));
}

void Conversation::lose(SessionLost::How how, std::string sentence, std::string_view said) const {
    const bool odd = how == SessionLost::How::desynchronised;
    Error error(odd ? Category::protocol : Category::temporary, std::move(sentence));
    error.at(place_);
    if (!said.empty()) error.said(masked(said));
    throw SessionLost(std::move(error), how, during_ == nullptr ? std::nullopt : std::optional(*during_));
}

void Conversation::lose_stray(std::string_view said) const {
    lose(SessionLost::How::desynchronised, "the server said something that was not asked for", said);
}

void Conversation::lose_unanswered() const {
    lose(SessionLost::How::silent, "the server did not answer in time");
}

void Conversation::lose_dropped() const {
    lose(SessionLost::How::dropped, "the connection ended", stream_.end_reason());
}

}  // namespace popkeep::pop3
