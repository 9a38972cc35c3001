#include "mbox/scanner.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "mbox/format.hpp"
#include "mbox/mbox_file.hpp"

using namespace popkeep;
using test::Scanned;
using Range = Scanned::Range;

TEST(Scan, FindsEachMessageWithItsPlaceAndContent) {
    const Scanned scanned("From a\nA: 1\n\nbody\n\nFrom b\nB: 2\n\n");
    ASSERT_EQ(scanned.found.size(), 2U);
    EXPECT_TRUE(scanned.junk.empty());
    const auto& [first, second] = std::tie(scanned.found[0], scanned.found[1]);
    EXPECT_EQ(first.start, 0U);
    EXPECT_EQ(first.length, 19U);
    EXPECT_EQ(first.postmark, "From a");
    EXPECT_EQ(first.facts.content, sha256("A: 1\n\nbody\n"));
    EXPECT_TRUE(first.closed);
    EXPECT_EQ(second.start, 19U);
    EXPECT_EQ(second.length, 13U);
    EXPECT_EQ(second.postmark, "From b");
    EXPECT_EQ(second.facts.content, sha256("B: 2\n"));
    EXPECT_TRUE(second.closed);
}

TEST(Scan, AnEmptyRangeOrOneOfEmptyLinesHasNothing) {
    for (const char* bytes : {"", "\n", "\n\n\n", "\r\n\r\n"}) {
        const Scanned scanned(bytes);
        EXPECT_TRUE(scanned.found.empty());
        EXPECT_TRUE(scanned.junk.empty());
    }
}

TEST(Scan, SeesOnlyItsRange) {
    const test::MboxFile box("From a\nA: 1\n\nFrom b\nB: 2\n\nFrom c\nC: 3\n\n");
    const Scanned scanned(box, 13, 26);
    ASSERT_EQ(scanned.found.size(), 1U);
    EXPECT_EQ(scanned.found[0].start, 13U);
    EXPECT_EQ(scanned.found[0].length, 13U);
    EXPECT_EQ(scanned.found[0].postmark, "From b");
}

TEST(Scan, UnquotesContent) {
    const Scanned scanned("From a\n>From x\n>>From y\n\n");
    EXPECT_EQ(scanned.found.at(0).facts.content, sha256("From x\n>From y\n"));
}

TEST(Scan, TakesExactlyOneEmptyLineForTheSeparator) {
    const Scanned scanned("From a\n\nbody\n\n\n\nFrom b\n\n\nFrom c\n\n");
    ASSERT_EQ(scanned.found.size(), 3U);
    EXPECT_EQ(scanned.found[0].facts.content, sha256("\nbody\n\n\n"));
    EXPECT_EQ(scanned.found[1].facts.content, sha256("\n"));
    EXPECT_EQ(scanned.found[2].facts.content, sha256(""));
    EXPECT_TRUE(scanned.found[2].closed);
}

TEST(Scan, TheLastMessageMayLackItsEmptyLineOrItsLf) {
    for (const char* content : {"", "text", "text\n", ">Fro", ">"}) {
        const Scanned scanned(std::string("From a\n") + content);
        ASSERT_EQ(scanned.found.size(), 1U);
        EXPECT_FALSE(scanned.found[0].closed) << content;
        EXPECT_EQ(scanned.found[0].facts.content, sha256(content));
    }
}

TEST(Scan, TheLastPostmarkMayBeTorn) {
    const Scanned scanned("From a\n\nFrom b");
    ASSERT_EQ(scanned.found.size(), 2U);
    EXPECT_EQ(scanned.found[1].postmark, "From b");
    EXPECT_EQ(scanned.found[1].length, 6U);
    EXPECT_EQ(scanned.found[1].facts.size, 0U);
    EXPECT_FALSE(scanned.found[1].closed);
}

TEST(Scan, APostmarkStandsBehindAnEmptyLineOnly) {
    const Scanned scanned("From a\nFrom b\ntext\nFrom c\n x\n\n From d\n\nFrom \n\nFrom:e\n\n");
    ASSERT_EQ(scanned.found.size(), 1U);
    EXPECT_EQ(scanned.found[0].facts.size, scanned.found[0].length - 8);
}

TEST(Scan, ForeignLineEndsMayBeCrlfAndAreKept) {
    const Scanned scanned("From a\r\nA: 1\r\n\r\nbody\r\n\r\nFrom b\r\nB: 2\r\n\r\n");
    ASSERT_EQ(scanned.found.size(), 2U);
    EXPECT_EQ(scanned.found[0].postmark, "From a\r");
    EXPECT_EQ(scanned.found[0].facts.content, sha256("A: 1\r\n\r\nbody\r\n"));
    EXPECT_EQ(scanned.found[1].facts.content, sha256("B: 2\r\n"));
    EXPECT_TRUE(scanned.found[1].closed);
}

TEST(Scan, AContentLengthIsNotBelieved) {
    const Scanned scanned("From a\nContent-Length: 30\n\nshort\n\nFrom b\n\n");
    ASSERT_EQ(scanned.found.size(), 2U);
    EXPECT_EQ(scanned.found[0].facts.content_length, 30U);
    EXPECT_EQ(scanned.found[0].facts.body_size, 6U);
}

TEST(Scan, ReportsWhatStandsInFrontOfTheFirstMessage) {
    const Scanned scanned("\nstray\n\nFrom a\n\n");
    EXPECT_EQ(scanned.junk, (std::vector<Range>{{0, 8}}));
    ASSERT_EQ(scanned.found.size(), 1U);
    EXPECT_EQ(scanned.found[0].start, 8U);
}

TEST(Scan, EmptyLinesInFrontOfTheFirstMessageAreNoJunk) {
    for (const char* lines : {"\n", "\n\n", "\r\n", "\n\r\n"}) {
        const Scanned scanned(std::string(lines) + "From a\n\n");
        EXPECT_TRUE(scanned.junk.empty());
        EXPECT_EQ(scanned.found.size(), 1U);
    }
}

TEST(Scan, ARangeWithoutMessagesIsAllJunk) {
    EXPECT_EQ(Scanned("no mbox at all").junk, (std::vector<Range>{{0, 14}}));
    const std::string zeroes(700000, '\0');
    EXPECT_EQ(Scanned(zeroes).junk, (std::vector<Range>{{0, zeroes.size()}}));
}

TEST(Scan, AFileThatEndsEarlyIsTakenAsItIs) {
    const test::MboxFile box("From a\nA: 1\n\n");
    const Scanned scanned(box, 0, 1000);
    ASSERT_EQ(scanned.found.size(), 1U);
    EXPECT_EQ(scanned.found[0].length, 13U);
    EXPECT_TRUE(Scanned(box, 500, 1000).found.empty());
}

TEST(Scan, LinesMayHaveAnyLength) {
    const std::string postmark = "From " + std::string(600000, 'p');
    const std::string content = std::string(600000, 'a') + "\n" + std::string(600000, '>') + "From x\n";
    std::string stored;
    mbox::quote(content, stored);
    const Scanned scanned(postmark + "\n" + stored + "\nFrom b\n\n");
    ASSERT_EQ(scanned.found.size(), 2U);
    EXPECT_EQ(scanned.found[0].postmark, postmark.substr(0, 1000));
    EXPECT_EQ(scanned.found[0].facts.content, sha256(content));
}

TEST(Scan, FindsAPostmarkWhereverTheReadBlocksMeet) {
    constexpr std::size_t block = 256UL * 1024;
    for (std::size_t size = block - 30; size < block + 10; ++size) {
        const std::string filling(size, 'x');
        for (const std::string_view end : {"\n", "\r\n"}) {
            const std::string first = std::string("From a\n").append(filling).append(end).append(end);
            const Scanned scanned(first + "From b\nB: 2\n\n");
            ASSERT_EQ(scanned.found.size(), 2U) << size;
            ASSERT_EQ(scanned.found[0].facts.content, sha256(std::string(filling).append(end))) << size;
            ASSERT_EQ(scanned.found[1].start, first.size());
        }
    }
}

TEST(Scan, WhatTheCallerThrowsPassesThrough) {
    const test::MboxFile box("From a\n\n");
    EXPECT_THROW(mbox::scan(
                     box.fd(), box.path(), 0, box.size(),
                     [](const mbox::Found&) { throw Error(Category::data, "enough"); }, [](auto, auto) {}),
                 Error);
}

TEST(Scan, HearsAStop) {
    EXPECT_EXIT(
        {
            interrupt::install();
            raise(SIGTERM);
            try {
                Scanned("From a\n\n");
            } catch (const Error& error) {
                _exit(error.exit_code());
            }
            _exit(0);
        },
        testing::ExitedWithCode(143), "");
}
