#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "archive/archive.hpp"
#include "fetch/run.hpp"
#include "file/temporary_folder.hpp"
#include "pop3/scripted_server.hpp"

namespace popkeep::test {

/// Remembers what a run told.
class Listener : public fetch::Observer {
  public:
    void planned(const fetch::Plan& told) override { plan = told; }
    void trouble(const fetch::Trouble& told) override { troubles.push_back(told); }
    void note(std::string_view told) override { notes += std::string(told) + "\n"; }
    void warning(std::string_view told) override { warnings += std::string(told) + "\n"; }
    bool may_delete(std::uint64_t messages, std::uint64_t) override {
        asked_to_delete = messages;
        if (when_asked) when_asked();
        return answer;
    }

    fetch::Plan plan;
    std::vector<fetch::Trouble> troubles;
    std::string notes, warnings;
    std::uint64_t asked_to_delete = 0;
    bool answer = true;
    std::function<void()> when_asked;
};

/// An empty archive, and runs against scripted servers.
class FetchTest : public testing::Test {
  protected:
    FetchTest();

    /// One run of me@example.com; `change` may alter the job before.
    fetch::Summary fetch(
        const pop3::ScriptedServer& server,
        const std::function<void(fetch::Job&)>& change = [](fetch::Job&) {});

    /// Changes the ledger behind the program's back, as time or another run would.
    void change_ledger(const std::string& sql) const;
    void lose(const std::string& name) const { std::filesystem::remove(folder / name); }
    /// How many whole messages the archive holds, every byte of it explained.
    std::uint64_t archived() const;

    TemporaryFolder folder;
    Listener listener;
};

}  // namespace popkeep::test
