#include <gtest/gtest.h>

#include "pop3/scripted_server.hpp"
#include "pop3/session.hpp"

namespace popkeep::pop3 {
namespace {

using Outcome = Deleted::Outcome;

Deleted delete_all(const ScriptedServer& server, bool lockstep = false) {
    auto options = impatient();
    options.lockstep = lockstep;
    auto session = Session::open(server.endpoint(), login(), options);
    return session.remove_and_quit(numbers_of(session.listing()));
}

std::size_t listed(const ScriptedServer& server) {
    return Session::open(server.endpoint(), login(), impatient()).listing().messages().size();
}

TEST(Deletion, IsConfirmedByTheAnswerToQuit) {
    for (const bool lockstep : {false, true}) {
        const ScriptedServer server;
        const auto deleted = delete_all(server, lockstep);
        EXPECT_EQ(deleted.outcome, Outcome::confirmed);
        EXPECT_EQ(deleted.quit_reply, "bye");
        EXPECT_TRUE(deleted.refused.empty());
        EXPECT_EQ(listed(server), 0U);
    }
}

TEST(Deletion, GoesBeyondOneWindow) {
    const ScriptedServer server({"--count", "3000", "--size", "300"});
    EXPECT_EQ(delete_all(server).outcome, Outcome::confirmed);
    EXPECT_EQ(listed(server), 0U);
}

struct Ending {
    const char* scenario;
    Outcome outcome;
};

TEST(Deletion, IsOnlyBelievedWhenQuitWasAnsweredFirstByOk) {
    for (const auto& row : std::vector<Ending>{
             {"D25-quit-close", Outcome::unknown},
             {"D25-quit-err", Outcome::refused},
             {"D25-quit-err-then-ok", Outcome::refused},
             {"D25-quit-no-reply", Outcome::unknown},
             {"D25-quit-reset", Outcome::unknown},
             {"D25-quit-reset-after-ok", Outcome::confirmed},
             {"D25-quit-slow", Outcome::confirmed},
             {"D26-dele-at-once-then-drop", Outcome::unknown},
             {"D26-dele-answered-twice", Outcome::unknown},
             {"D27-drops-at-dele", Outcome::unknown},
         }) {
        SCOPED_TRACE(row.scenario);
        const ScriptedServer server({"--scenario", row.scenario});
        EXPECT_EQ(delete_all(server).outcome, row.outcome);
    }
}

TEST(Deletion, NamesTheMessagesThatWereRefused) {
    const ScriptedServer server({"--scenario", "D26-dele-refused"});
    const auto deleted = delete_all(server);
    EXPECT_EQ(deleted.outcome, Outcome::confirmed);
    EXPECT_EQ(deleted.refused, std::vector<std::uint32_t>{2});
}

TEST(Deletion, CantFollowAStrayAnswer) {
    const ScriptedServer server({"--scenario", "D18-stray-ok-last"});
    auto session = Session::open(server.endpoint(), login(), impatient());
    Collector sink;
    EXPECT_THROW(session.retrieve(all_of(session.listing()), sink), SessionLost);
    EXPECT_THROW(session.remove_and_quit(numbers_of(session.listing())), Error);
    EXPECT_EQ(listed(server), 5U);
}

}  // namespace
}  // namespace popkeep::pop3
