#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "pop3/scripted_server.hpp"
#include "pop3/session.hpp"

namespace popkeep::pop3 {
namespace {

Session open(const ScriptedServer& server, bool lockstep = false) {
    auto options = impatient();
    options.lockstep = lockstep;
    return Session::open(server.endpoint(), login(), options);
}

TEST(Retrieval, GivesEveryMessageWithItsListedSize) {
    for (const bool lockstep : {false, true}) {
        const ScriptedServer server({"--mbox-corpus"});
        auto session = open(server, lockstep);
        const auto& wanted = session.listing().messages();
        Collector sink;
        EXPECT_EQ(session.retrieve(all_of(session.listing()), sink), wanted.size());
        EXPECT_EQ(sink.ended(), wanted.size());
        for (const auto& message : wanted)
            EXPECT_EQ(sink.messages[message.number].octets, message.octets) << message.number;
        EXPECT_EQ(sink.messages[3].content, "From: a@example.org\nSubject: dots\n\n..\n");
        session.quit();
    }
}

TEST(Retrieval, GivesTheSameHoweverTheServerSplits) {
    const ScriptedServer whole;
    auto session = open(whole);
    Collector expected;
    session.retrieve(all_of(session.listing()), expected);
    for (const auto* scenario : {"D04-one-segment", "D04-split-bytes", "D04-split-walk",
                                 "D04-split-walk-lock-step", "D15-lf-server", "D15-lf-server-lock-step"}) {
        SCOPED_TRACE(scenario);
        const ScriptedServer server({"--scenario", scenario});
        auto split = open(server);
        Collector sink;
        split.retrieve(all_of(split.listing()), sink);
        for (const auto& [number, message] : expected.messages)
            EXPECT_EQ(sink.messages[number].content, message.content);
    }
}

TEST(Retrieval, PipelinesFarBeyondOneWindow) {
    const ScriptedServer server({"--count", "3000", "--size", "1000"});
    auto session = open(server);
    Collector sink;
    EXPECT_EQ(session.retrieve(all_of(session.listing()), sink), 3'000U);
    EXPECT_EQ(sink.ended(), 3'000U);
}

TEST(Retrieval, DoesNotBlockWithAServerThatReadsNothingWhileItWrites) {
    const ScriptedServer server({"--scenario", "D28-small-window"});
    auto session = open(server);
    Collector sink;
    session.retrieve(all_of(session.listing()), sink);
    EXPECT_EQ(sink.ended(), session.listing().messages().size());
}

TEST(Retrieval, GoesOnBehindARefusedMessage) {
    const ScriptedServer server({"--scenario", "D05-sys-temp"});
    auto session = open(server);
    Collector sink;
    EXPECT_EQ(session.retrieve(all_of(session.listing()), sink), 5U);
    EXPECT_EQ(sink.ended(), 4U);
    EXPECT_EQ(sink.refusals[2], "[SYS/TEMP] Server error - Please try again later");
    session.quit();
}

TEST(Retrieval, StopsWhenTheSinkWantsNoMoreAndStaysInStep) {
    const ScriptedServer server;
    auto session = open(server, true);
    Collector sink;
    sink.most = 2;
    EXPECT_EQ(session.retrieve(all_of(session.listing()), sink), 2U);
    sink.most = 5;
    const auto all = all_of(session.listing());
    EXPECT_EQ(session.retrieve(std::span(all).subspan(2), sink), 3U);
    EXPECT_EQ(sink.ended(), 5U);
}

TEST(Retrieval, GivesHeadersByTop) {
    const ScriptedServer server;
    auto session = open(server);
    Collector sink;
    EXPECT_EQ(session.top(all_of(session.listing()), sink), 5U);
    EXPECT_TRUE(sink.messages[1].content.ends_with("Message-ID: <1.plain@example.org>\n\n"));
}

struct Lost {
    const char* scenario;
    SessionLost::How how;
    std::uint32_t during;  // 0: not looked at
};

TEST(Retrieval, TellsHowASessionWasLostAndDuringWhichMessage) {
    using How = SessionLost::How;
    for (const auto& row : std::vector<Lost>{
             {"D01-cut-after-line", How::dropped, 2},
             {"D01-cut-after-status", How::dropped, 2},
             {"D01-cut-before-terminator", How::dropped, 2},
             {"D01-cut-mid-line", How::dropped, 2},
             {"D01-cut-mid-terminator", How::dropped, 2},
             {"D02-reset-mid-line", How::dropped, 2},
             {"D03-drip", How::silent, 2},
             {"D03-drip-behind-much", How::silent, 2},
             {"D03-drip-status", How::silent, 2},
             {"D03-stall-mid-line", How::silent, 2},
             {"D03-stall-status", How::silent, 2},
             {"D07-no-newline-before-dot", How::silent, 0},
             {"D07-terminator-without-lf", How::silent, 0},
             {"D17-unstuffed-lone-dot", How::desynchronised, 3},
             {"D17-unstuffed-lone-dot-lock-step", How::desynchronised, 2},
             {"D18-blank-lines", How::desynchronised, 2},
             {"D18-endless-status", How::desynchronised, 2},
             {"D18-second-copy", How::desynchronised, 0},
             {"D18-stray-ok", How::desynchronised, 2},
             {"D27-inactivity", How::dropped, 3},
             {"D28-disconnects", How::dropped, 1},
             {"D28-interleaved", How::desynchronised, 0},
         }) {
        SCOPED_TRACE(row.scenario);
        const ScriptedServer server({"--scenario", row.scenario});
        auto session = open(server);
        Collector sink;
        try {
            session.retrieve(all_of(session.listing()), sink);
            ADD_FAILURE();
        } catch (const SessionLost& lost) {
            EXPECT_EQ(lost.how(), row.how) << lost.what();
            if (row.during != 0) {
                ASSERT_TRUE(lost.during());
                EXPECT_EQ(lost.during()->number, row.during);
            }
        }
    }
}

TEST(Retrieval, TakesARefusalForAFarewellIfTheServerIsGone) {
    struct Slow : Collector {
        void end(std::uint64_t octets, std::uint64_t bare_lf) override {
            Collector::end(octets, bare_lf);
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        }
    };
    const ScriptedServer server({"--scenario", "D27-farewell"});
    auto session = open(server);
    Slow sink;
    EXPECT_THROW(session.retrieve(all_of(session.listing()), sink), SessionLost);
    EXPECT_EQ(sink.ended(), 2U);
    EXPECT_TRUE(sink.refusals.empty());
}

TEST(Retrieval, DropsABlankLineBehindAnAnswerInLockStep) {
    const ScriptedServer server({"--scenario", "D18-stray-blank"});
    auto session = open(server);
    Collector sink;
    session.retrieve(all_of(session.listing()), sink);
    EXPECT_EQ(sink.ended(), 5U);
}

TEST(Retrieval, ASinkThatThrowsEndsTheSession) {
    struct Full : Collector {
        void content(std::size_t) override { throw Error(Category::io, "disk full"); }
    };
    const ScriptedServer server;
    auto session = open(server);
    Full sink;
    EXPECT_THROW(session.retrieve(all_of(session.listing()), sink), Error);
    EXPECT_THROW(session.remove_and_quit(numbers_of(session.listing())), Error);
    EXPECT_EQ(Session::open(server.endpoint(), login(), impatient()).listing().messages().size(), 5U);
}

TEST(Retrieval, CallsIdleWhileNothingArrives) {
    struct Idler : Collector {
        int idles = 0;
        void idle() override { ++idles; }
    };
    const ScriptedServer server({"--scenario", "D03-stall-status"});
    auto session = open(server);
    Idler sink;
    EXPECT_THROW(session.retrieve(all_of(session.listing()), sink), SessionLost);
    EXPECT_GE(sink.idles, 1);
}

}  // namespace
}  // namespace popkeep::pop3
