#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace popkeep::message {

/// Cuts a header section that comes in pieces into its lines, up to the empty line that ends it. ("\r\n" is
/// an empty line too: foreign mboxes keep it.) A line arrives as one part if it is shorter than `whole`;
/// a longer one as a first part of at least that length and any number of others.
class HeaderLines {
  public:
    static constexpr std::size_t whole = 8192;

    enum class Part {
        complete,  ///< a line with its LF
        first,     ///< the beginning of a line, or all of a last one without LF
        middle,    ///< more of it
        last,      ///< the rest of it, with its LF
    };

    /// Hands the parts to `line(std::string_view, Part)`; each lies in `piece`, or where the line was split
    /// over pieces, in a buffer that is good during the call only. Returns how many bytes of `piece` it took:
    /// all, unless the empty line (taken as well, not handed out) was found.
    template <typename Line>
    std::size_t feed(std::string_view piece, Line&& line);
    /// At the end of content that had no empty line: hands out what is held back.
    template <typename Line>
    void finish(Line&& line);

    bool ended() const noexcept { return ended_; }
    /// The empty line that ended the header, with its LF.
    std::string_view empty_line() const noexcept { return crlf_ ? "\r\n" : "\n"; }
    void restart();

  private:
    bool ends_header(std::string_view line) {
        crlf_ = line == "\r\n";
        return ended_ = crlf_ || line == "\n";
    }

    std::string held_;     // the beginning of a line, shorter than `whole`
    bool inside_ = false;  // the first part of the current line was handed out
    bool ended_ = false, crlf_ = false;
};

template <typename Line>
std::size_t HeaderLines::feed(std::string_view piece, Line&& line) {
    std::size_t at = 0;
    while (at < piece.size() && !ended_) {
        const std::size_t lf = piece.find('\n', at);
        const bool complete = lf != std::string_view::npos;
        std::string_view part = piece.substr(at, complete ? lf + 1 - at : lf);
        at += part.size();
        if (inside_) {
            line(part, complete ? Part::last : Part::middle);
            inside_ = !complete;
            continue;
        }
        const bool joined = !held_.empty() || (!complete && part.size() < whole);
        if (joined) part = held_.append(part);
        if (complete ? !ends_header(part) : part.size() >= whole) {
            line(part, complete ? Part::complete : Part::first);
            inside_ = !complete;
        } else if (!complete) {
            continue;
        }
        held_.clear();
    }
    return at;
}

template <typename Line>
void HeaderLines::finish(Line&& line) {
    if (!held_.empty()) line(std::string_view(held_), Part::first);
    held_.clear();
}

inline void HeaderLines::restart() {
    held_.clear();
    inside_ = ended_ = crlf_ = false;
}

}  // namespace popkeep::message
