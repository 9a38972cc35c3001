#include "pop3/decoder.hpp"

#include <string>

#include "fuzz/split.hpp"
#include "fuzz/target.hpp"

namespace popkeep::fuzz {
namespace {

using pop3::Decoder;
using pop3::LineEnd;

struct Decoded {
    std::string content;
    std::size_t used = 0;
    bool ended = false;
    std::uint64_t octets = 0;
    std::uint64_t bare_lf = 0;

    bool operator==(const Decoded&) const = default;
};

/// As the session does it: what a step leaves is presented again in front of what comes next.
Decoded decoded(LineEnd mode, const std::vector<std::string_view>& pieces) {
    Decoder decoder(mode);
    Decoded all;
    std::string waiting;
    for (const auto piece : pieces) {
        waiting += piece;
        std::string content(waiting.size(), '\0');
        const auto step = decoder.decode(waiting, content.data());
        require(step.content <= step.used && step.used <= waiting.size(), "a step stays within its input");
        all.content.append(content, 0, step.content);
        all.used += step.used;
        waiting.erase(0, step.used);
        if (step.ended) {
            all.ended = true;
            break;
        }
        require(waiting.size() <= 2, "at most two bytes wait");
    }
    all.octets = decoder.octets();
    all.bare_lf = decoder.bare_lf();
    return all;
}

/// RFC 1939 section 3, said line by line. In a CRLF session only CRLF ends a line.
std::string body_of(LineEnd mode, std::string_view bytes, bool& ended, std::size_t& used) {
    std::string out;
    bool at_start = true;
    used = 0;
    ended = false;
    while (!bytes.empty()) {
        const auto lf = bytes.find('\n');
        if (lf == std::string_view::npos) break;
        std::string_view line = bytes.substr(0, lf);
        bytes.remove_prefix(lf + 1);
        used += lf + 1;
        const bool crlf = line.ends_with('\r');
        if (crlf) line.remove_suffix(1);
        if (at_start && line == "." && (crlf || mode == LineEnd::lf)) {
            ended = true;
            return out;
        }
        if (at_start && line.starts_with("..")) line.remove_prefix(1);
        out.append(line) += '\n';
        at_start = crlf || mode == LineEnd::lf;
    }
    return out;
}

std::string stuffed(std::string_view content) {
    std::string out;
    bool at_start = true;
    for (const char c : content) {
        if (at_start && c == '.') out += '.';
        if (c == '\n') out += '\r';
        out += c;
        at_start = c == '\n';
    }
    return out + ".\r\n";
}

}  // namespace

void decoder(std::string_view input) {
    const unsigned seed = take_byte(input);
    const LineEnd mode = (seed & 1U) != 0 ? LineEnd::lf : LineEnd::crlf;
    const Decoded whole = decoded(mode, {input});

    bool ended = false;
    std::size_t used = 0;
    const std::string lines = body_of(mode, input, ended, used);
    require(whole.ended == ended, "only the dot on a line of its own ends a body");
    require(whole.content.starts_with(lines), "the content is what the RFC says");
    require(!ended || (whole.content == lines && whole.used == used), "and nothing else, up to the dot");

    require(decoded(mode, pieces_of(input, seed)) == whole, "pieces make no difference");
    for (std::size_t at = 0; at <= input.size() && input.size() <= 256; ++at)
        require(decoded(mode, {input.substr(0, at), input.substr(at)}) == whole,
                "no split makes a difference");

    std::string content(input);
    std::erase(content, '\r');
    if (!content.empty() && content.back() != '\n') content += '\n';
    const std::string sent = stuffed(content);
    const Decoded back = decoded(LineEnd::crlf, pieces_of(sent, seed));
    require(back.ended && back.content == content && back.used == sent.size() && back.bare_lf == 0,
            "what a server stuffs comes back");
}

}  // namespace popkeep::fuzz
