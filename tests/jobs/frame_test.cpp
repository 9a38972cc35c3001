#include "jobs/frame.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace popkeep::jobs {
namespace {

std::string two_frames() {
    Frame one(Event::note);
    one.add("a note");
    Frame two(Event::progress);
    two.add(7U).add(std::uint64_t{1} << 60U);
    return std::string(one.bytes()) + std::string(two.bytes());
}

void expect_two(FrameBuffer& buffer, std::vector<std::string>& frames) {
    while (auto frame = buffer.next()) frames.push_back(*frame);
}

TEST(Frame, ComesOutAsItWentInHoweverItWasSplit) {
    const std::string bytes = two_frames();
    for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
        FrameBuffer buffer;
        std::vector<std::string> frames;
        for (std::size_t at = 0; at < bytes.size(); at += piece) {
            buffer.feed(std::string_view(bytes).substr(at, piece));
            expect_two(buffer, frames);
        }
        ASSERT_EQ(frames.size(), 2U);
        Fields note(frames[0]);
        EXPECT_EQ(note.event(), Event::note);
        EXPECT_EQ(note.text(), "a note");
        note.end();
        Fields progress(frames[1]);
        EXPECT_EQ(progress.number(), 7U);
        EXPECT_EQ(progress.number(), std::uint64_t{1} << 60U);
        progress.end();
    }
}

TEST(Frame, AHugeTextIsCut) {
    Frame frame(Event::note);
    frame.add(std::string(100'000, 'x'));
    FrameBuffer buffer;
    buffer.feed(frame.bytes());
    const std::string whole = buffer.next().value();
    EXPECT_EQ(Fields(whole).text().size(), std::size_t{16} << 10U);
}

TEST(Frame, OneLongerThanMayBeIsRefusedBeforeItIsWaitedFor) {
    FrameBuffer buffer;
    buffer.feed("\xff\xff\xff\x7f");
    EXPECT_THROW(buffer.next(), Error);
}

TEST(Fields, RefuseWhatIsCutOffTooLongOrUnknown) {
    EXPECT_THROW(Fields(""), Error);
    EXPECT_THROW(Fields("\x63"), Error);
    const std::string bytes = two_frames().substr(4);
    EXPECT_THROW(Fields(bytes.substr(0, 8)).text(), Error);
    EXPECT_THROW(Fields(bytes.substr(0, 3)).number(), Error);
    EXPECT_THROW(Fields(bytes).end(), Error);
}

}  // namespace
}  // namespace popkeep::jobs
