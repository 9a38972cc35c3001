#include "jobs/pool.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <thread>

#include "base/interrupt.hpp"

namespace popkeep::jobs {
namespace {

using namespace std::chrono_literals;

fetch::Summary archived(std::uint64_t count) {
    fetch::Summary summary;
    summary.archived = count;
    return summary;
}

class Notes : public fetch::Observer {
  public:
    void note(std::string_view sentence) override { text += sentence; }
    std::string text;
};

class Watching : public Watcher {
  public:
    explicit Watching(std::vector<std::string> hosts = {}) : hosts_(std::move(hosts)) {}

    fetch::Observer& begun(std::size_t task) override {
        most = std::max(most, ++running);
        if (!hosts_.empty()) most_at_host = std::max(most_at_host, ++at_host_[hosts_[task]]);
        if (on_begun) on_begun();
        return notes[task];
    }
    void ended(std::size_t task, const fetch::Summary& summary) override {
        --running;
        if (!hosts_.empty()) --at_host_[hosts_[task]];
        summaries[task] = summary;
        if (on_ended) on_ended();
    }
    void terminal_lent() override { ++lent; }
    void terminal_returned() override { ++returned; }

    std::size_t running = 0, most = 0, most_at_host = 0, lent = 0, returned = 0;
    std::map<std::size_t, Notes> notes;
    std::map<std::size_t, fetch::Summary> summaries;
    std::function<void()> on_begun, on_ended;

  private:
    std::vector<std::string> hosts_;
    std::map<std::string, std::size_t> at_host_;
};

TEST(Pool, RunsEveryTaskInAProcessOfItsOwnAndHearsWhatItTells) {
    const pid_t here = getpid();
    std::vector<Task> tasks;
    for (std::uint64_t n = 0; n < 20; ++n) {
        tasks.push_back({"h", [n, here](Sender& sender) {
                             sender.note(getpid() == here ? "here" : "elsewhere");
                             return archived(n);
                         }});
    }
    Watching watching;
    run(tasks, {5, 5}, watching);
    ASSERT_EQ(watching.summaries.size(), 20U);
    for (std::uint64_t n = 0; n < 20; ++n) {
        EXPECT_EQ(watching.summaries[n].archived, n);
        EXPECT_EQ(watching.notes[n].text, "elsewhere");
    }
    EXPECT_EQ(watching.most, 5U);
}

TEST(Pool, KeepsTheLimitOfAHostWhileOthersGoOn) {
    std::vector<std::string> hosts;
    std::vector<Task> tasks;
    for (int n = 0; n < 12; ++n) {
        hosts.push_back(n < 8 ? "a" : "b");
        tasks.push_back({hosts.back(), [](Sender&) {
                             std::this_thread::sleep_for(20ms);
                             return archived(1);
                         }});
    }
    Watching watching(hosts);
    run(tasks, {6, 2}, watching);
    EXPECT_EQ(watching.summaries.size(), 12U);
    EXPECT_EQ(watching.most_at_host, 2U);
    EXPECT_EQ(watching.most, 4U);
}

TEST(Pool, ATaskThatIsKilledThrowsOrTalksNonsenseIsToldAndTheOthersGoOn) {
    const std::vector<Task> tasks{
        {"h", [](Sender&) { return raise(SIGKILL) == 0 ? archived(0) : archived(0); }},
        {"h", [](Sender&) -> fetch::Summary { throw Error(Category::permission, "refused"); }},
        {"h", [](Sender&) -> fetch::Summary { throw std::runtime_error("oops"); }},
        {"h", [](Sender&) -> fetch::Summary { _exit(3); }},
        {"h",
         [](Sender&) {
             for (int fd = 3; fd < 64; ++fd) (void)!write(fd, "\xff\xff\xff\x7f", 4);
             std::this_thread::sleep_for(10s);
             return archived(0);
         }},
        {"h", [](Sender&) { return archived(1); }},
    };
    Watching watching;
    run(tasks, {2, 2}, watching);
    const auto error = [&](std::size_t task) { return watching.summaries.at(task).error.value(); };
    EXPECT_EQ(error(0).exit_code(), 70);
    EXPECT_EQ(error(0).said(), "killed by signal 9");
    EXPECT_EQ(error(1).exit_code(), 77);
    EXPECT_EQ(error(2).exit_code(), 70);
    EXPECT_EQ(error(2).said(), "oops");
    EXPECT_EQ(error(3).said(), "exit status 3");
    EXPECT_EQ(error(4).exit_code(), 70);
    EXPECT_EQ(watching.summaries.at(5).archived, 1U);
}

TEST(Pool, ATaskThatTalksNonsenseIsNotWaitedFor) {
    const std::vector<Task> tasks{{"h", [](Sender&) {
                                       for (int fd = 3; fd < 64; ++fd)
                                           (void)!write(fd, "\xff\xff\xff\x7f", 4);
                                       std::this_thread::sleep_for(10s);
                                       return archived(0);
                                   }}};
    Watching watching;
    const auto begun = std::chrono::steady_clock::now();
    run(tasks, {1, 1}, watching);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s);
}

TEST(Pool, LendsTheTerminalToOneAtATime) {
    std::vector<Task> tasks;
    const std::string path = testing::TempDir() + "popkeep-terminal-" + std::to_string(getpid());
    for (int n = 0; n < 6; ++n) {
        tasks.push_back({"h", [path](Sender& sender) {
                             const Sender::Terminal terminal(sender);
                             // Nobody else has made it.
                             const bool alone = mkdir(path.c_str(), 0700) == 0;
                             std::this_thread::sleep_for(10ms);
                             rmdir(path.c_str());
                             return archived(alone ? 1 : 0);
                         }});
    }
    Watching watching;
    run(tasks, {6, 6}, watching);
    for (const auto& [task, summary] : watching.summaries) EXPECT_EQ(summary.archived, 1U);
    EXPECT_EQ(watching.lent, 6U);
    EXPECT_EQ(watching.returned, 6U);
}

bool comes_to_be(const std::string& path) {
    for (int n = 0; n < 1000 && access(path.c_str(), F_OK) != 0; ++n) std::this_thread::sleep_for(10ms);
    return access(path.c_str(), F_OK) == 0;
}

TEST(Pool, WhileOneHasTheTerminalTheOthersAreHeardBuriedAndBegun) {
    const std::string question = testing::TempDir() + "popkeep-question-" + std::to_string(getpid());
    const std::string answer = testing::TempDir() + "popkeep-answer-" + std::to_string(getpid());
    std::vector<Task> tasks{{"h", [&](Sender& sender) {
                                 const Sender::Terminal terminal(sender);
                                 mkdir(question.c_str(), 0700);
                                 return archived(comes_to_be(answer) ? 1 : 0);
                             }}};
    for (int n = 1; n < 4; ++n) {
        tasks.push_back({"h", [&](Sender& sender) {
                             const bool asked = comes_to_be(question);
                             for (int line = 0; line < 5000; ++line)
                                 sender.conversation(pop3::Direction::sent, "RETR");
                             return archived(asked ? 1 : 0);
                         }});
    }
    Watching watching;
    std::size_t ended_meanwhile = 0;
    watching.on_ended = [&] {
        if (watching.lent > watching.returned) ++ended_meanwhile;
        if (watching.summaries.size() == 3) mkdir(answer.c_str(), 0700);
    };
    run(tasks, {2, 2}, watching);
    rmdir(question.c_str());
    rmdir(answer.c_str());
    ASSERT_EQ(watching.summaries.size(), 4U);
    for (const auto& [task, summary] : watching.summaries) EXPECT_EQ(summary.archived, 1U);
    EXPECT_EQ(ended_meanwhile, 3U);
    EXPECT_EQ(watching.returned, 1U);
}

TEST(Pool, TheTerminalOfATaskThatDiesIsReturned) {
    const std::vector<Task> tasks{{"h", [](Sender& sender) {
                                       const Sender::Terminal terminal(sender);
                                       return raise(SIGKILL) == 0 ? archived(0) : archived(0);
                                   }}};
    Watching watching;
    run(tasks, {1, 1}, watching);
    EXPECT_EQ(watching.lent, 1U);
    EXPECT_EQ(watching.returned, 1U);
}

// In a process of its own: a stop can't be taken back.
TEST(Pool, AStopReachesEveryTaskOnceAndNoOtherIsBegun) {
    EXPECT_EXIT(
        {
            interrupt::install();
            std::vector<Task> tasks;
            for (int n = 0; n < 5; ++n) {
                tasks.push_back({"h", [](Sender& sender) -> fetch::Summary {
                                     sender.note("waiting");
                                     interrupt::pause(10s);
                                     return {};
                                 }});
            }
            Watching watching;
            // As a terminal does: everybody gets it, and the children once more from their parent.
            watching.on_begun = [&] {
                if (watching.running == 3) kill(getpid(), SIGINT);
            };
            run(tasks, {3, 3}, watching);
            if (watching.summaries.size() != 3) _exit(1);
            for (const auto& [task, summary] : watching.summaries) {
                if (summary.exit_code() != 130) _exit(2);
            }
            _exit(0);
        },
        testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace popkeep::jobs
