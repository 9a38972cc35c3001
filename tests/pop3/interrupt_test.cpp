#include "base/interrupt.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <thread>

#include "pop3/scripted_server.hpp"
#include "pop3/session.hpp"

namespace popkeep::pop3 {
namespace {

/// Exits with the code of the Error, 0 if `work` ends by itself, 99 if it takes more than five seconds. In a
/// process of its own, since a stop can't be taken back.
template <typename Work>
[[noreturn]] void stopped_after_half_a_second(const Work& work) {
    interrupt::install();
    std::thread([] {
        std::this_thread::sleep_for(std::chrono::milliseconds(500));
        kill(getpid(), SIGTERM);
        std::this_thread::sleep_for(std::chrono::seconds(5));
        std::_Exit(99);
    }).detach();
    try {
        work();
    } catch (const Error& error) {
        std::_Exit(error.exit_code());
    }
    std::_Exit(0);
}

constexpr int terminated = static_cast<int>(Category::terminated);

TEST(Interrupt, EndsAConnect) {
    const ScriptedServer server({"--scenario", "D21-greeting-never"});
    EXPECT_EXIT(stopped_after_half_a_second([&] { Session::open(server.endpoint(), login(), {}); }),
                testing::ExitedWithCode(terminated), "");
}

TEST(Interrupt, EndsAWaitForAMessage) {
    const ScriptedServer server({"--scenario", "D03-stall-mid-line"});
    EXPECT_EXIT(stopped_after_half_a_second([&] {
                    auto session = Session::open(server.endpoint(), login(), {});
                    Collector sink;
                    session.retrieve(all_of(session.listing()), sink);
                }),
                testing::ExitedWithCode(terminated), "");
}

TEST(Interrupt, LeavesTheSessionInStepBetweenMessages) {
    struct Slow : Collector {
        void end(std::uint64_t octets, std::uint64_t bare_lf) override {
            Collector::end(octets, bare_lf);
            std::this_thread::sleep_for(std::chrono::milliseconds(300));
        }
    };
    const ScriptedServer server;
    EXPECT_EXIT(stopped_after_half_a_second([&] {
                    auto session = Session::open(server.endpoint(), login(), {});
                    Slow sink;
                    const auto answered = session.retrieve(all_of(session.listing()), sink, false);
                    std::_Exit(answered == sink.ended() && answered < 5 ? 42 : 1);
                }),
                testing::ExitedWithCode(42), "");
}

TEST(Interrupt, LeavesTheOutcomeOfADeletionUnknown) {
    const ScriptedServer server({"--scenario", "D25-quit-no-reply"});
    EXPECT_EXIT(stopped_after_half_a_second([&] {
                    auto session = Session::open(server.endpoint(), login(), {});
                    const auto deleted = session.remove_and_quit(numbers_of(session.listing()));
                    std::_Exit(deleted.outcome == Deleted::Outcome::unknown ? 42 : 1);
                }),
                testing::ExitedWithCode(42), "");
}

}  // namespace
}  // namespace popkeep::pop3
