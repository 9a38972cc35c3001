#pragma once

#include <cstdint>
#include <string_view>

namespace popkeep::pop3 {

/// How a server ends its lines: one choice per session, taken from its status lines. In a body, a line end of
/// the other kind must not begin a line: a "." behind a bare LF in a CRLF session is content, or mail could
/// forge the end of a message.
enum class LineEnd { crlf, lf };

/// Takes a multi-line response apart (RFC 1939 section 3): finds the final dot, drops one dot of lines that
/// begin with two, turns CRLF into LF. A line that begins with a single dot is kept: a correct server never
/// sends one, and from a server that forgets to stuff it is the sender's. The result doesn't depend on how
/// the bytes were split.
class Decoder {
  public:
    explicit Decoder(LineEnd mode) : mode_(mode) {}

    struct Step {
        std::size_t used = 0;     ///< bytes taken from the front of the input
        std::size_t content = 0;  ///< bytes of content put out
        bool ended = false;       ///< the final dot was among those used
    };
    /// Decodes the beginning of `input` into `output`: other memory, for as many bytes as there are
    /// in `input`. What wasn't used (a tail of at most 2 bytes whose meaning
    /// depends on what follows, or what stands behind the final dot) must be presented again, in front of
    /// what arrives next. Once ended, the decoder begins a new body.
    Step decode(std::string_view input, char* output);

    /// Unstuffed bytes, line ends as sent, without the final dot's line: what LIST should say. Of the body
    /// in hand or, when a step said ended, of that one.
    std::uint64_t octets() const { return octets_; }
    /// Line ends that were a LF alone.
    std::uint64_t bare_lf() const { return bare_lf_; }

  private:
    LineEnd mode_;
    bool fresh_ = true;          ///< nothing of the body was seen yet
    bool at_line_start_ = true;  ///< a dot here may be the final one or a stuffed one
    std::uint64_t octets_ = 0;
    std::uint64_t bare_lf_ = 0;
};

}  // namespace popkeep::pop3
