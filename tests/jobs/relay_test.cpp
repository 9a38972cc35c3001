#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <thread>

#include "base/interrupt.hpp"
#include "file/fd.hpp"
#include "jobs/receiver.hpp"
#include "jobs/sender.hpp"

namespace popkeep::jobs {
namespace {

class Listener : public fetch::Observer {
  public:
    void planned(const fetch::Plan& told) override { plan = told; }
    void progress(std::uint64_t done, std::uint64_t octets) override {
        messages = done;
        bytes = octets;
    }
    void trouble(const fetch::Trouble& told) override { troubles.push_back(told); }
    void note(std::string_view told) override { notes += told; }
    void warning(std::string_view told) override { warnings += told; }
    void conversation(pop3::Direction direction, std::string_view told) override {
        lines += (direction == pop3::Direction::sent ? ">" : "<") + std::string(told);
    }

    void round(const fetch::Round& told) override { session = told; }
    void waiting(std::chrono::seconds told) override { left = told; }

    fetch::Round session;
    std::chrono::seconds left{0};
    fetch::Plan plan;
    std::uint64_t messages = 0, bytes = 0;
    std::vector<fetch::Trouble> troubles;
    std::string notes, warnings, lines;
};

/// A sender, and what its other end makes of it.
class Relay : public testing::Test {
  protected:
    Relay() {
        std::array<int, 2> ends{};
        if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) != 0) throw std::runtime_error("no socket pair");
        near = file::Fd(ends[0]);
        far = file::Fd(ends[1]);
    }
    void listen() {
        std::array<char, 1U << 16U> bytes{};
        ssize_t n = 0;
        while ((n = recv(far.get(), bytes.data(), bytes.size(), MSG_DONTWAIT)) > 0)
            receiver.feed({bytes.data(), static_cast<std::size_t>(n)});
    }

    file::Fd near, far;
    Listener listener;
    Receiver receiver{listener};
};

TEST_F(Relay, APlanArrivesWithItsMessages) {
    fetch::Plan plan;
    plan.listed = 5;
    plan.wanted = 2;
    plan.held_back = 1;
    plan.undecided = 3;
    plan.claimed = 4;
    plan.fetch = {{.number = 2, .octets = 300, .uid = std::string("b\0c", 3)},
                  {.number = 3, .octets = {}, .uid = ""}};
    plan.remove = {{.number = 1, .octets = 0, .uid = "a"}};
    Sender(near.get()).planned(plan);
    listen();
    EXPECT_EQ(listener.plan.listed, 5U);
    EXPECT_EQ(listener.plan.wanted, 2U);
    EXPECT_EQ(listener.plan.held_back, 1U);
    EXPECT_EQ(listener.plan.undecided, 3U);
    EXPECT_EQ(listener.plan.claimed, 4U);
    ASSERT_EQ(listener.plan.fetch.size(), 2U);
    EXPECT_EQ(listener.plan.fetch[0].uid, std::string("b\0c", 3));
    EXPECT_EQ(listener.plan.fetch[0].octets, 300U);
    EXPECT_FALSE(listener.plan.fetch[1].octets);
    ASSERT_EQ(listener.plan.remove.size(), 1U);
    EXPECT_EQ(listener.plan.remove[0].octets, 0U);
}

TEST_F(Relay, WordsArriveAsTheyWere) {
    Sender sender(near.get());
    sender.note("a note");
    sender.warning("a warning");
    sender.conversation(pop3::Direction::sent, "QUIT");
    sender.trouble(
        {.uid = "u", .number = 3, .said = "no", .failures = 2, .quarantined = true, .tell = false});
    sender.progress(4, 5000);
    listen();
    EXPECT_EQ(listener.notes, "a note");
    EXPECT_EQ(listener.warnings, "a warning");
    EXPECT_EQ(listener.lines, ">QUIT");
    ASSERT_EQ(listener.troubles.size(), 1U);
    EXPECT_EQ(listener.troubles[0].said, "no");
    EXPECT_TRUE(listener.troubles[0].quarantined);
    EXPECT_FALSE(listener.troubles[0].tell);
    EXPECT_EQ(listener.messages, 4U);
    EXPECT_EQ(listener.bytes, 5000U);
}

TEST_F(Relay, ADrainingRunsSessionsArriveWhole) {
    Sender sender(near.get());
    fetch::Round session;
    session.number = 3;
    session.all_messages = 750;
    session.seconds = 2.5;
    session.wait = std::chrono::seconds(600);
    session.to_come = 40;
    sender.round(session);
    sender.waiting(std::chrono::seconds(599));
    listen();
    EXPECT_EQ(listener.session.number, 3U);
    EXPECT_EQ(listener.session.all_messages, 750U);
    EXPECT_EQ(listener.session.seconds, 2.5);
    EXPECT_EQ(listener.session.wait, std::chrono::seconds(600));
    EXPECT_EQ(listener.session.to_come, 40U);
    EXPECT_EQ(listener.left, std::chrono::seconds(599));
}

TEST_F(Relay, ATerminalLeftAndWantedAgainInOnePieceWasLeftOnce) {
    std::string bytes;
    for (const Event event : {Event::wants_terminal, Event::leaves_terminal, Event::wants_terminal})
        bytes += Frame(event).bytes();
    receiver.feed(bytes);
    EXPECT_TRUE(receiver.wants_terminal());
    EXPECT_TRUE(receiver.take_leave());
    EXPECT_FALSE(receiver.take_leave());
}

TEST_F(Relay, OfMuchProgressALittleIsSentAndTheLastAlways) {
    Sender sender(near.get());
    fetch::Plan plan;
    plan.wanted = 1000;
    sender.planned(plan);
    for (std::uint64_t n = 1; n <= 1000; ++n) sender.progress(n, n);
    std::array<char, 1U << 16U> bytes{};
    const ssize_t size = recv(far.get(), bytes.data(), bytes.size(), MSG_PEEK);
    EXPECT_LT(size, 5000);
    listen();
    EXPECT_EQ(listener.messages, 1000U);
}

TEST_F(Relay, ASummaryArrivesWhole) {
    fetch::Summary summary;
    summary.listed = 9;
    summary.archived = 3;
    summary.claimed = 5;
    summary.refused = 6;
    summary.deleted = 7;
    summary.unconfirmed = 8;
    summary.lacking_octets = 77;
    summary.sessions = 4;
    summary.unlisted = 2;
    summary.seconds = 1.5;
    summary.braked = true;
    summary.files = {"/a/b.mbox", "/a/c.mbox"};
    summary.oldest = -5;
    summary.certificate_expires = 1764345600;
    summary.error = Error(Category::temporary, "busy").at("/a").said("by whom").next("wait");
    Sender(near.get()).finished(summary);
    listen();
    ASSERT_TRUE(receiver.summary());
    const fetch::Summary& told = *receiver.summary();
    EXPECT_EQ(told.listed, 9U);
    EXPECT_EQ(told.archived, 3U);
    EXPECT_EQ(told.claimed, 5U);
    EXPECT_EQ(told.refused, 6U);
    EXPECT_EQ(told.deleted, 7U);
    EXPECT_EQ(told.unconfirmed, 8U);
    EXPECT_EQ(told.lacking_octets, 77U);
    EXPECT_EQ(told.sessions, 4U);
    EXPECT_EQ(told.unlisted, 2U);
    EXPECT_EQ(told.seconds, 1.5);
    EXPECT_TRUE(told.braked);
    EXPECT_FALSE(told.silent);
    EXPECT_EQ(told.files, summary.files);
    EXPECT_EQ(told.oldest, -5);
    EXPECT_FALSE(told.newest);
    EXPECT_EQ(told.certificate_expires, 1764345600);
    EXPECT_STREQ(told.error->what(), summary.error->what());
    EXPECT_EQ(told.exit_code(), 75);
}

TEST_F(Relay, AnErrorsWordsAreNotCutASecondTime) {
    fetch::Summary summary;
    summary.error = Error(Category::protocol, "the server refused")
                        .at("/" + std::string(300, '\x01'))
                        .said(std::string(300, '\xe9'));
    Sender(near.get()).finished(summary);
    listen();
    EXPECT_STREQ(receiver.summary()->error->what(), summary.error->what());
}

TEST_F(Relay, MoreFilesThanFitInAFrameCutTheListNotTheSummary) {
    fetch::Summary summary;
    summary.archived = 1;
    summary.files.assign(5000, "/" + std::string(500, 'x'));
    std::string bytes;
    Frame ignored(Event::note);
    const int size = 4 << 20;
    setsockopt(near.get(), SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    const pid_t child = fork();
    if (child == 0) {
        Sender(near.get()).finished(summary);
        _exit(0);
    }
    near = file::Fd();
    std::array<char, 1U << 16U> piece{};
    ssize_t n = 0;
    while ((n = read(far.get(), piece.data(), piece.size())) > 0)
        receiver.feed({piece.data(), static_cast<std::size_t>(n)});
    ASSERT_TRUE(receiver.summary());
    EXPECT_EQ(receiver.summary()->archived, 1U);
    EXPECT_GT(receiver.summary()->files.size(), 1000U);
    EXPECT_LT(receiver.summary()->files.size(), 5000U);
}

// In a process of its own: a stop can't be taken back.
TEST_F(Relay, AParentThatDoesNotListenHoldsNobodyUpWhoIsToldToStop) {
    EXPECT_EXIT(
        {
            interrupt::install();
            Sender sender(near.get());
            std::thread stops([] {
                std::this_thread::sleep_for(std::chrono::milliseconds(200));
                kill(getpid(), SIGTERM);
            });
            const auto begun = std::chrono::steady_clock::now();
            for (int n = 0; n < 5000; ++n) sender.note("n");
            stops.join();
            if (std::chrono::steady_clock::now() - begun > std::chrono::seconds(4)) _exit(1);
            std::thread finishes([&] { sender.finished({}); });
            while (!receiver.summary()) listen();
            finishes.join();
            // What was told stands there whole, what found no room is missing.
            _exit(listener.notes.size() > 100 && listener.notes.size() < 5000 ? 0 : 2);
        },
        testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace popkeep::jobs
