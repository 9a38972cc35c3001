#include "monitor/hook.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

namespace popkeep::monitor {
namespace {

using namespace std::chrono_literals;

class HooksTest : public testing::Test {
  protected:
    void SetUp() override {
        std::string name = testing::TempDir() + "popkeep-hook-XXXXXX";
        folder_ = mkdtemp(name.data());
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::string path(const char* name) const { return folder_ + "/" + name; }
    std::string content(const char* name) const {
        std::ostringstream text;
        text << std::ifstream(path(name)).rdbuf();
        return text.str();
    }
    Hooks::Warn warn() {
        return [this](const std::string& account, const std::string& sentence) {
            warnings_.push_back(account + ": " + sentence);
        };
    }

    std::string folder_;
    std::vector<std::string> warnings_;
};

TEST_F(HooksTest, ACommandHasTheTextOnItsStandardInput) {
    Hooks hooks(warn());
    hooks.start("home", "cat > " + path("seen"), "{\"a\":1}\n");
    hooks.wait();
    EXPECT_EQ(content("seen"), "{\"a\":1}\n");
    EXPECT_TRUE(warnings_.empty());
}

TEST_F(HooksTest, ACommandThatReadsNothingHoldsUpNobody) {
    Hooks hooks(warn());
    hooks.start("home", "true", std::string(1U << 20U, 'x'));
    hooks.wait();
    EXPECT_TRUE(warnings_.empty());
}

TEST_F(HooksTest, SeveralRunAtTheSameTime) {
    Hooks hooks(warn());
    // Each ends only when it sees the other.
    hooks.start("one", "touch " + path("a") + "; until [ -e " + path("b") + " ]; do sleep 0.01; done", "");
    hooks.start("two", "touch " + path("b") + "; until [ -e " + path("a") + " ]; do sleep 0.01; done", "");
    hooks.wait();
    EXPECT_TRUE(warnings_.empty());
}

TEST_F(HooksTest, AFailureIsToldWithItsStatus) {
    Hooks hooks(warn());
    hooks.start("home", "exit 3", "");
    hooks.start("work", "kill -9 $$", "");
    hooks.start("there", "no-such-command-at-all 2>/dev/null", "");
    hooks.wait();
    std::ranges::sort(warnings_);
    EXPECT_EQ(warnings_, (std::vector<std::string>{"home: after_fetch failed: exit status 3",
                                                   "there: after_fetch failed: exit status 127",
                                                   "work: after_fetch was killed by signal 9"}));
}

TEST_F(HooksTest, OneThatHangsIsKilledWithAllThatItStarted) {
    Hooks hooks(warn(), 300ms);
    hooks.start("home", "sleep 1000 & echo $! > " + path("pid") + "; wait", "");
    hooks.wait();
    ASSERT_EQ(warnings_.size(), 1U);
    EXPECT_EQ(warnings_[0], "home: after_fetch had not ended after 0.3 s and was killed");
    const pid_t pid = std::stoi(content("pid"));
    // Its new parent may take a moment to bury it.
    for (int i = 0; i < 500 && kill(pid, 0) == 0; ++i) {
        std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
        std::string word;
        stat >> word >> word >> word;
        if (word == "Z") return;
        std::this_thread::sleep_for(10ms);
    }
    EXPECT_NE(kill(pid, 0), 0);
}

TEST_F(HooksTest, LookingWaitsForNothing) {
    Hooks hooks(warn(), 10s);
    const auto begin = std::chrono::steady_clock::now();
    hooks.start("home", "sleep 1000", "");
    hooks.look();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
    EXPECT_TRUE(warnings_.empty());
}

TEST_F(HooksTest, ThePasswordIsNotInItsEnvironment) {
    setenv("POPKEEP_PASSWORD", "secret", 1);
    Hooks hooks(warn());
    hooks.start("home", "env > " + path("env"), "");
    hooks.wait();
    unsetenv("POPKEEP_PASSWORD");
    EXPECT_NE(content("env"), "");
    EXPECT_EQ(content("env").find("secret"), std::string::npos);
}

}  // namespace
}  // namespace popkeep::monitor
