#include "pop3/decoder.hpp"

#include <cstring>

namespace popkeep::pop3 {
namespace {

enum class Dot { final, stuffed, content, undecided };

/// What the dot at `begin`, which stands at a line start, is; `length` is that of the final dot's line.
Dot judge(const char* begin, const char* end, LineEnd mode, std::size_t& length) {
    const auto left = static_cast<std::size_t>(end - begin);
    if (left < 2) return Dot::undecided;
    if (begin[1] == '.') return Dot::stuffed;
    if (begin[1] == '\n' && mode == LineEnd::lf) {
        length = 2;
        return Dot::final;
    }
    if (begin[1] != '\r') return Dot::content;
    if (left < 3) return Dot::undecided;
    if (begin[2] != '\n') return Dot::content;
    length = 3;
    return Dot::final;
}

}  // namespace

Decoder::Step Decoder::decode(std::string_view input, char* output) {
    if (fresh_ && !input.empty()) {
        fresh_ = false;
        octets_ = bare_lf_ = 0;
    }
    const char* const start = input.data();
    const char* const end = start + input.size();
    const char* in = start;
    char* out = output;
    const auto emit = [&](std::size_t size) {
        std::memcpy(out, in, size);
        out += size;
    };
    const auto step = [&](bool ended) {
        return Step{static_cast<std::size_t>(in - start), static_cast<std::size_t>(out - output), ended};
    };

    while (in != end) {
        if (at_line_start_ && *in == '.') {
            std::size_t length = 0;
            const auto dot = judge(in, end, mode_, length);
            if (dot == Dot::undecided) return step(false);
            if (dot == Dot::final) {
                in += length;
                fresh_ = true;
                return step(true);
            }
            if (dot == Dot::stuffed) ++in;
        }
        const auto left = static_cast<std::size_t>(end - in);
        const auto* newline = static_cast<const char*>(std::memchr(in, '\n', left));
        if (newline == nullptr) {
            // A CR at the very end may be half of a line end.
            const std::size_t size = end[-1] == '\r' ? left - 1 : left;
            emit(size);
            in += size;
            octets_ += size;
            if (size > 0) at_line_start_ = false;
            // A stuffed dot was dropped, and the line's own one emitted: the line has begun.
            return step(false);
        }
        const auto size = static_cast<std::size_t>(newline - in);
        const bool crlf = size > 0 && newline[-1] == '\r';
        emit(crlf ? size - 1 : size);
        *out++ = '\n';
        in = newline + 1;
        octets_ += size + 1;
        if (!crlf) ++bare_lf_;
        at_line_start_ = crlf || mode_ == LineEnd::lf;
    }
    return step(false);
}

}  // namespace popkeep::pop3
