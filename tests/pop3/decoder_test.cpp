#include "pop3/decoder.hpp"

#include <gtest/gtest.h>

// After gtest.
#include <rapidcheck/gtest.h>

#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace popkeep::pop3 {
namespace {

using namespace std::string_literals;

struct Decoded {
    std::string content;
    std::uint64_t octets = 0, bare_lf = 0;
    std::size_t left_over = 0;  ///< bytes behind the final dot
    bool ended = false;
    bool operator==(const Decoded&) const = default;
};

/// Gives `pieces` to a decoder as a receive buffer would: what is left stands in front of what comes next.
Decoded decode(const std::vector<std::string>& pieces, LineEnd mode) {
    Decoder decoder(mode);
    Decoded decoded;
    std::string buffer;
    for (const auto& piece : pieces) {
        buffer += piece;
        if (decoded.ended) continue;
        std::string content(buffer.size(), '\0');
        const auto step = decoder.decode(buffer, content.data());
        decoded.content.append(content, 0, step.content);
        buffer.erase(0, step.used);
        decoded.ended = step.ended;
    }
    decoded.octets = decoder.octets();
    decoded.bare_lf = decoder.bare_lf();
    decoded.left_over = buffer.size();
    return decoded;
}

/// Bodies, and what only begins like one.
rc::Gen<std::string> wires() {
    const auto piece = rc::gen::element<std::string>("\n", "\r\n", "\r", ".", "..", ".\r\n", ".\n", "\r\n.",
                                                     "\r\n.\r\n", "\n.\n", "text", "\0"s);
    return rc::gen::map(rc::gen::container<std::vector<std::string>>(piece), [](const auto& pieces) {
        std::string all;
        for (const auto& one : pieces) all += one;
        return all;
    });
}

/// Pieces of the lengths that are given, modulo 8, and the rest.
std::vector<std::string> cut(std::string_view wire, const std::vector<std::size_t>& lengths) {
    std::vector<std::string> pieces;
    for (const std::size_t length : lengths) {
        pieces.emplace_back(wire.substr(0, length % 8));
        wire.remove_prefix(pieces.back().size());
    }
    pieces.emplace_back(wire);
    return pieces;
}

struct Decoding {
    const char* name;
    std::string wire, content;
    std::uint64_t octets, bare_lf;
    LineEnd mode = LineEnd::crlf;
};

const std::vector<Decoding> decodings{
    {"an empty body", ".\r\n", "", 0, 0},
    {"one empty line", "\r\n.\r\n", "\n", 2, 0},
    {"two lines", "one\r\ntwo\r\n.\r\n", "one\ntwo\n", 10, 0},
    {"a stuffed dot loses one dot", "..\r\n..two\r\n.\r\n", ".\n.two\n", 9, 0},
    {"three dots lose one", "...\r\n.\r\n", "..\n", 4, 0},
    {"a dot that was not stuffed is kept", ".hidden\r\n. \r\n.\r\n", ".hidden\n. \n", 13, 0},
    {"a dot and a bare CR", ".\rx\r\n.\r\n", ".\rx\n", 5, 0},
    {"a bare LF is kept and counted", "a\nb\r\n.\r\n", "a\nb\n", 5, 1},
    {"a dot line behind a bare LF is content", "a\n.\r\nb\r\n.\r\n", "a\n.\nb\n", 8, 1},
    {"a dot line between bare LFs is content", "a\n.\nb\r\n.\r\n", "a\n.\nb\n", 7, 2},
    {"two dots behind a bare LF are kept", "a\n..b\r\n.\r\n", "a\n..b\n", 7, 1},
    {"CR dot CR is content", "a\r.\rb\r\n.\r\n", "a\r.\rb\n", 7, 0},
    {"CRCRLF loses one CR", "a\r\r\n\r\r\n.\r\n", "a\r\n\r\n", 7, 0},
    {"a dot behind CRCRLF ends", "a\r\r\n.\r\n", "a\r\n", 4, 0},
    {"NUL and 8-bit bytes", "a\0b\xff\r\n.\r\n"s, "a\0b\xff\n"s, 6, 0},
    {"bare LF lines end at a bare LF dot in LF mode", "a\n..b\n\n.\n", "a\n.b\n\n", 6, 3, LineEnd::lf},
    {"CRLF lines in LF mode", "a\r\nb\n.\r\n", "a\nb\n", 5, 1, LineEnd::lf},
    {"an empty body in LF mode", ".\n", "", 0, 0, LineEnd::lf},
};

TEST(Decoder, DecodesEachRowWhateverFollowsTheDot) {
    for (const auto& row : decodings) {
        SCOPED_TRACE(row.name);
        const Decoded expected{row.content, row.octets, row.bare_lf, 5, true};
        EXPECT_EQ(decode({row.wire + "+OK\r\n"}, row.mode), expected);
    }
}

TEST(Decoder, GivesTheSameForEverySplitInThree) {
    for (const auto& row : decodings) {
        const Decoded expected{row.content, row.octets, row.bare_lf, 0, true};
        for (std::size_t first = 0; first <= row.wire.size(); ++first)
            for (std::size_t second = first; second <= row.wire.size(); ++second) {
                SCOPED_TRACE(std::string(row.name) + " at " + std::to_string(first) + ", " +
                             std::to_string(second));
                const std::vector<std::string> pieces{row.wire.substr(0, first),
                                                      row.wire.substr(first, second - first),
                                                      row.wire.substr(second)};
                ASSERT_EQ(decode(pieces, row.mode), expected);
            }
    }
}

TEST(Decoder, GivesTheSameByteByByte) {
    for (const auto& row : decodings) {
        SCOPED_TRACE(row.name);
        std::vector<std::string> bytes;
        for (const char byte : row.wire) bytes.emplace_back(1, byte);
        EXPECT_EQ(decode(bytes, row.mode), (Decoded{row.content, row.octets, row.bare_lf, 0, true}));
    }
}

RC_GTEST_PROP(Decoder, GivesTheSameForEverySplit, ()) {
    const auto wire = *wires();
    const auto lengths = *rc::gen::arbitrary<std::vector<std::size_t>>();
    const auto mode = *rc::gen::element(LineEnd::crlf, LineEnd::lf);
    RC_ASSERT(decode(cut(wire, lengths), mode) == decode({wire}, mode));
}

RC_GTEST_PROP(Decoder, GivesBackWhatWasStuffed, ()) {
    const auto lines = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
        "", ".", "..", "text", ".hidden", "\r", "a\rb", "a\nb", "a\n.\nb", "\0"s));
    std::string wire, content;
    for (const auto& line : lines) {
        wire += (line.starts_with('.') ? "." : "") + line + "\r\n";
        content += line + "\n";
    }
    const auto lengths = *rc::gen::arbitrary<std::vector<std::size_t>>();
    const auto decoded = decode(cut(wire + ".\r\n", lengths), LineEnd::crlf);
    RC_ASSERT(decoded.ended);
    RC_ASSERT(decoded.content == content);
}

TEST(Decoder, DoesNotEndWithoutTheWholeFinalDot) {
    for (const auto* wire :
         {"body\r\n", "body\r\n.", "body\r\n.\r", "body.\r\n", "body\r\n.\n", "body\n.\r\n"}) {
        SCOPED_TRACE(wire);
        EXPECT_FALSE(decode({wire}, LineEnd::crlf).ended);
    }
}

TEST(Decoder, HoldsBackAtMostTwoBytes) {
    for (const auto& row : decodings)
        for (std::size_t length = 0; length < row.wire.size(); ++length)
            EXPECT_LE(decode({row.wire.substr(0, length)}, row.mode).left_over, 2U) << row.name;
}

TEST(Decoder, BeginsAfreshBehindTheFinalDot) {
    Decoder decoder(LineEnd::crlf);
    std::string wire = "one\n\r\n.\r\n..two\r\n.\r\n";
    std::string content(wire.size(), '\0');
    const auto first = decoder.decode(wire, content.data());
    ASSERT_TRUE(first.ended);
    EXPECT_EQ(decoder.bare_lf(), 1U);
    wire.erase(0, first.used);
    const auto second = decoder.decode(wire, content.data());
    ASSERT_TRUE(second.ended);
    EXPECT_EQ(content.substr(0, second.content), ".two\n");
    EXPECT_EQ(decoder.octets(), 6U);
    EXPECT_EQ(decoder.bare_lf(), 0U);
}

}  // namespace
}  // namespace popkeep::pop3
