#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "ledger/ledger_test.hpp"
#include "ledger/ordinary_user.hpp"

using namespace popkeep;

namespace {

// Enters itself as a run and does no more.
class RunningProgram {
  public:
    explicit RunningProgram(const std::string& path) : pid_(fork()) {
        if (pid_ == 0) {
            {
                ledger::Ledger own(path, ledger::Access::write);
                own.servers.enter_run(std::time(nullptr));
            }
            kill(getpid(), SIGSTOP);
            _exit(0);
        }
        waitpid(pid_, nullptr, WUNTRACED);
    }
    RunningProgram(const RunningProgram&) = delete;
    RunningProgram& operator=(const RunningProgram&) = delete;
    ~RunningProgram() { end(); }

    pid_t pid() const { return pid_; }
    void end() {
        if (std::exchange(over_, true)) return;
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }

  private:
    pid_t pid_;
    bool over_ = false;
};

using ServersTest = test::LedgerTest;

}  // namespace

TEST_F(ServersTest, AreUnknownAtFirst) {
    const ledger::Host host = ledger.servers.host("pop.example.org:995");
    EXPECT_EQ(host.lockstep_until, std::nullopt);
    EXPECT_FALSE(host.list_inexact);
}

TEST_F(ServersTest, AreRememberedAsTheyWereLastSeen) {
    ledger.servers.remember("pop.example.org:995", {.lockstep_until = 900, .list_inexact = false});
    ledger.servers.remember("pop.example.org:995", {.lockstep_until = {}, .list_inexact = true});
    const ledger::Host host = ledger.servers.host("pop.example.org:995");
    EXPECT_EQ(host.lockstep_until, std::nullopt);
    EXPECT_TRUE(host.list_inexact);
    EXPECT_FALSE(ledger.servers.host("pop.example.org:110").list_inexact);
}

TEST_F(ServersTest, ARunThatLivesIsNotDead) {
    const RunningProgram run(path);
    EXPECT_FALSE(ledger.servers.is_our_dead(run.pid()));
}

TEST_F(ServersTest, ARunOfAnotherUserThatLivesIsNotDead) {
    const RunningProgram run(path);
    std::filesystem::permissions(folder.path(), std::filesystem::perms::all);
    for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
        std::filesystem::permissions(entry.path(), std::filesystem::perms(0666));
    EXPECT_TRUE(test::an_ordinary_user_sees([&] {
        ledger::Ledger theirs(path, ledger::Access::write);
        return !theirs.servers.is_our_dead(run.pid());
    }));
}

TEST_F(ServersTest, ARunThatIsOverIsDead) {
    RunningProgram run(path);
    run.end();
    EXPECT_TRUE(ledger.servers.is_our_dead(run.pid()));
}

TEST_F(ServersTest, ADeadProcessThatWasNoRunIsNotOurs) {
    const pid_t child = fork();
    if (child == 0) _exit(0);
    waitpid(child, nullptr, 0);
    EXPECT_FALSE(ledger.servers.is_our_dead(child));
}

TEST_F(ServersTest, ThisRunIsNotDead) {
    ledger.servers.enter_run(std::time(nullptr));
    EXPECT_FALSE(ledger.servers.is_our_dead(getpid()));
}

TEST_F(ServersTest, ARunFromBeforeTheLastStartOfTheMachineIsDead) {
    const RunningProgram run(path);
    ledger.database.execute("UPDATE run SET boot_id = 'another'");
    EXPECT_TRUE(ledger.servers.is_our_dead(run.pid()));
}

TEST_F(ServersTest, ARunIsDeadWhoseNumberAnotherProcessHas) {
    const RunningProgram run(path);
    ledger.database.execute("UPDATE run SET boot_id = boot_id || '1'");
    EXPECT_TRUE(ledger.servers.is_our_dead(run.pid()));
}

TEST_F(ServersTest, OfARunThatDidNotNoteWhenItBeganTheNumberDecides) {
    RunningProgram run(path);
    ledger.database.execute("UPDATE run SET boot_id = substr(boot_id, 1, instr(boot_id, char(10)))");
    EXPECT_FALSE(ledger.servers.is_our_dead(run.pid()));
    run.end();
    EXPECT_TRUE(ledger.servers.is_our_dead(run.pid()));
}

TEST_F(ServersTest, OfARunThatDidNotKnowWhenTheMachineStartedWhenItBeganDecides) {
    RunningProgram run(path);
    ledger.database.execute("UPDATE run SET boot_id = substr(boot_id, instr(boot_id, char(10)))");
    EXPECT_FALSE(ledger.servers.is_our_dead(run.pid()));
    ledger.database.execute("UPDATE run SET boot_id = boot_id || '1'");
    EXPECT_TRUE(ledger.servers.is_our_dead(run.pid()));
}

TEST_F(ServersTest, OfARunThatKnewNothingTheNumberDecides) {
    RunningProgram run(path);
    ledger.database.execute("UPDATE run SET boot_id = char(10)");
    EXPECT_FALSE(ledger.servers.is_our_dead(run.pid()));
    run.end();
    EXPECT_TRUE(ledger.servers.is_our_dead(run.pid()));
}

TEST_F(ServersTest, ARunThatLivesIsNotDeadBecauseAnEarlierOneHadItsNumber) {
    const RunningProgram run(path);
    ledger.database.execute(
        "UPDATE run SET id = 2; "
        "INSERT INTO run (id, pid, boot_id, host, started_at) SELECT 1, pid, 'another', host, started_at "
        "FROM run");
    EXPECT_FALSE(ledger.servers.is_our_dead(run.pid()));
}

TEST_F(ServersTest, ARunOnAnotherMachineIsNeverDead) {
    RunningProgram run(path);
    run.end();
    ledger.database.execute("UPDATE run SET host = 'another'");
    EXPECT_FALSE(ledger.servers.is_our_dead(run.pid()));
}

TEST_F(ServersTest, ForgetRunsOfMoreThanAMonthAgo) {
    constexpr std::int64_t day = 24 * 60 * 60;
    ledger.servers.enter_run(1'700'000'000);
    ledger.servers.enter_run(1'700'000'000 + 31 * day);
    EXPECT_EQ(ledger.servers.runs().size(), 1U);
}
