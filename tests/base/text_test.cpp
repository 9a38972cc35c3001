#include "base/text.hpp"

#include <gtest/gtest.h>

#include <algorithm>

using namespace popkeep;

TEST(Text, PrintableEscapesWhatATerminalWouldObey) {
    EXPECT_EQ(printable("a\tb\r\n\x1b[0m\x7f"), "a\\tb\\r\\n\\x1b[0m\\x7f");
    EXPECT_EQ(printable(std::string_view("\0", 1)), "\\x00");
}

TEST(Text, PrintableKeepsUtf8AndEscapesWhatIsNone) {
    EXPECT_EQ(printable("Gr\xc3\xbc\xc3\x9f"
                        "e \xf0\x9f\x93\xa7"),
              "Gr\xc3\xbc\xc3\x9f"
              "e \xf0\x9f\x93\xa7");
    EXPECT_EQ(printable("\xc3("), "\\xc3(");
    EXPECT_EQ(printable("\xc0\xaf"), "\\xc0\\xaf");
    EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");
    EXPECT_EQ(printable("\xe0\x9f\xbf"), "\\xe0\\x9f\\xbf");
    EXPECT_EQ(printable("\xf0\x8f\xbf\xbf"), "\\xf0\\x8f\\xbf\\xbf");
    EXPECT_EQ(printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
}

TEST(Text, PrintableEscapesC1ControlsAndBidirectionalOverrides) {
    EXPECT_EQ(printable("\xc2\x9b"), "\\xc2\\x9b");
    EXPECT_EQ(printable("\xe2\x80\xae"), "\\xe2\\x80\\xae");
}

TEST(Text, PrintableEscapesBidirectionalIsolates) {
    for (const char* last : {"\xa6", "\xa7", "\xa8", "\xa9"})
        EXPECT_TRUE(printable(std::string("\xe2\x81") + last).starts_with("\\xe2\\x81\\xa"));
    EXPECT_EQ(printable("\xe2\x81\xaa"), "\xe2\x81\xaa");
}

TEST(Text, PrintableCutsLongInput) {
    EXPECT_EQ(printable("abcdef", 3), "abc\xe2\x80\xa6");
    EXPECT_EQ(printable("abc", 3), "abc");
}

TEST(Text, ANumberIsDigitsOnlyAndFitsIn64Bits) {
    EXPECT_EQ(parse_number("0"), 0U);
    EXPECT_EQ(parse_number("18446744073709551615"), 18446744073709551615U);
    for (const char* odd : {"", "-1", "+1", " 1", "1 ", "0x1", "18446744073709551616", "1.5"}) {
        EXPECT_EQ(parse_number(odd), std::nullopt) << odd;
    }
}

TEST(Text, ADurationHasAUnit) {
    EXPECT_EQ(parse_duration("45s"), 45);
    EXPECT_EQ(parse_duration("90m"), 5400);
    EXPECT_EQ(parse_duration("12h"), 43200);
    EXPECT_EQ(parse_duration("30d"), 2592000);
    EXPECT_EQ(parse_duration("2w"), 1209600);
    for (const char* odd : {"", "d", "30", "-1d", "1y", "1.5h", "99999999999d"}) {
        EXPECT_EQ(parse_duration(odd), std::nullopt) << odd;
    }
}

TEST(Text, SizesAndCountsReadWell) {
    EXPECT_EQ(human_size(512), "512 B");
    EXPECT_EQ(human_size(4096), "4.0 KiB");
    EXPECT_EQ(human_size(1048575), "1.0 MiB");
    EXPECT_EQ(human_size(1288490189), "1.2 GiB");
    EXPECT_EQ(counted(1, "message", "messages"), "1 message");
    EXPECT_EQ(counted(0, "message", "messages"), "0 messages");
    EXPECT_EQ(counted(1234567, "message", "messages"), "1,234,567 messages");
}

TEST(Text, DurationsReadWell) {
    EXPECT_EQ(human_duration(0.42), "0.4 s");
    EXPECT_EQ(human_duration(12.3), "12 s");
    EXPECT_EQ(human_duration(59.7), "1 min 00 s");
    EXPECT_EQ(human_duration(200), "3 min 20 s");
    EXPECT_EQ(human_duration(7500), "2 h 05 min");
}

TEST(Text, ComparesAsciiIgnoringCaseOnly) {
    EXPECT_TRUE(equal_ignoring_case("X-Status", "x-STATUS"));
    EXPECT_FALSE(equal_ignoring_case("Status", "Statu"));
    EXPECT_FALSE(equal_ignoring_case("\xc3\x84", "\xc3\xa4"));
    EXPECT_EQ(lowered("PIPELINING \xc3\x84"), "pipelining \xc3\x84");
}

TEST(Text, CountsLinesLikeStdCountWhateverTheLength) {
    std::string text;
    for (int i = 0; i < 300; ++i) {
        EXPECT_EQ(count_lines(text), static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')));
        text += i % 7 == 0 || i > 150 ? '\n' : 'x';
    }
}

TEST(Text, SplitsAtEverySeparator) {
    EXPECT_EQ(split("a//b", '/'), (std::vector<std::string_view>{"a", "", "b"}));
    EXPECT_EQ(split("", '/'), (std::vector<std::string_view>{""}));
}

TEST(Text, SuggestsWhatIsNearEnough) {
    EXPECT_EQ(nearest("fecth", {"fetch", "check", "verify"}), "fetch");
    EXPECT_EQ(nearest("xylophone", {"fetch", "check"}), std::nullopt);
}
