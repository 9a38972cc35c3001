#include "message/received_date.hpp"

#include <gtest/gtest.h>

using popkeep::message::received_date;

namespace {

constexpr std::int64_t noon = 1763985600;  // 2025-11-24 12:00:00 UTC

}  // namespace

TEST(ReceivedDate, IsWhatStandsBehindTheLastSemicolon) {
    EXPECT_EQ(received_date(" from a by b; Mon, 24 Nov 2025 12:00:00 +0000"), noon);
    EXPECT_EQ(received_date(" from a by b (x; y) id 1; for z; 24 Nov 2025 12:00:00 +0000\n"), noon);
}

TEST(ReceivedDate, MayBeFoldedAndCommented) {
    EXPECT_EQ(
        received_date(" from a\n\tby b;\n\tMon, 24 Nov 2025\n 13:00:00 +0100 (CET; (nested) \\) still)\n"),
        noon);
    EXPECT_EQ(received_date(" from \"a (b\" by c; Mon,24 Nov 2025 12:00:00 +0000\r\n"), noon);
}

TEST(ReceivedDate, WeekdayAndSecondsAreOptional) {
    EXPECT_EQ(received_date("; 24 nov 2025 12:00 -0000"), noon);
    EXPECT_EQ(received_date("; mon, 24 NOV 2025 11:59:60 +0000"), noon);
}

TEST(ReceivedDate, KnowsZones) {
    EXPECT_EQ(received_date("; 24 Nov 2025 07:00:00 EST"), noon);
    EXPECT_EQ(received_date("; 24 Nov 2025 05:00:00 pdt"), noon);
    EXPECT_EQ(received_date("; 24 Nov 2025 12:00:00 GMT"), noon);
    EXPECT_EQ(received_date("; 24 Nov 2025 17:45:00 +0545"), noon);
    EXPECT_EQ(received_date("; 24 Nov 2025 02:30:00 -0930"), noon);
}

TEST(ReceivedDate, KnowsShortYears) {
    EXPECT_EQ(received_date("; 24 Nov 25 12:00:00 +0000"), noon);
    EXPECT_EQ(received_date("; 1 Jan 70 00:00:10 +0000"), 10);
    EXPECT_EQ(received_date("; 1 Jan 100 00:00:00 +0000"), 946684800);
}

TEST(ReceivedDate, OddOnesAreNone) {
    for (const char* odd : {
             "",
             "Mon, 24 Nov 2025 12:00:00 +0000",
             ";",
             "; yesterday",
             "; 30 Feb 2025 12:00:00 +0000",
             "; 0 Nov 2025 12:00:00 +0000",
             "; 24 Nov 2025 24:00:00 +0000",
             "; 24 Nov 2025 12:60:00 +0000",
             "; 24 Nov 2025 12:00:61 +0000",
             "; 24 Nov 2025 12:00:00",
             "; 24 Nov 2025 12:00:00 +00000",
             "; 24 Nov 2025 12:00:00 +0060",
             "; 24 Nov 2025 12:00:00 MARS",
             "; 24 Nov 2025 12:00:00 +0000 more",
             "; 24 Nov 2025 12 +0000",
             "; 24 Nov 20255 12:00:00 +0000",
             "; 24 Nov 5 12:00:00 +0000",
             "; 24 Nov -2025 12:00:00 +0000",
             "; 31 Dec 1969 23:59:59 +0000",
             "; 31 Dec 9999 23:59:59 -0100",
             "; Foo, 24 Nov 2025 12:00:00 +0000",
             "; 24 Nov 2025 12:00:00 +0000 (",
             "; 24 Nov 2025 12:00:00 +0000 )",
             "; 99999999999999999999 Nov 2025 12:00:00 +0000",
         }) {
        EXPECT_EQ(received_date(odd), std::nullopt) << odd;
    }
}
