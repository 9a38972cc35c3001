#include <csignal>
#include <cstdlib>

#include "base/interrupt.hpp"
#include "fetch/fetch_test.hpp"

namespace popkeep::test {
namespace {

using Kind = fetch::DeletePolicy::Kind;

class Deletion : public FetchTest {
  protected:
    static std::function<void(fetch::Job&)> deleting(fetch::DeletePolicy policy) {
        return [policy](fetch::Job& job) { job.deletes = policy; };
    }
    std::uint64_t listed(const pop3::ScriptedServer& server) {
        return fetch(server, [](fetch::Job& job) { job.dry_run = true; }).listed;
    }

    const std::vector<std::string> ten{"--count", "10"};
    const fetch::DeletePolicy fetched{.kind = Kind::fetched};
};

TEST_F(Deletion, NeverHappensUnasked) {
    const pop3::ScriptedServer server(ten);
    fetch(server);
    EXPECT_EQ(listed(server), 10U);
}

TEST_F(Deletion, TakesWhatWasJustFetched) {
    const pop3::ScriptedServer server(ten);
    EXPECT_EQ(fetch(server, deleting(fetched)).deleted, 10U);
    EXPECT_EQ(listed(server), 0U);
}

TEST_F(Deletion, TakesWhatAnEarlierRunFetched) {
    const pop3::ScriptedServer server(ten);
    fetch(server);
    EXPECT_EQ(fetch(server, deleting(fetched)).deleted, 10U);
}

TEST_F(Deletion, KeepsTheHighestNumbers) {
    const pop3::ScriptedServer server(ten);
    EXPECT_EQ(fetch(server, deleting({.kind = Kind::keep, .count = 3})).deleted, 7U);
    EXPECT_EQ(listed(server), 3U);
}

TEST_F(Deletion, KeepsThatManyOfTheArchivedOnes) {
    const pop3::ScriptedServer server({"--scenario", "D05-poisoned"});
    EXPECT_EQ(fetch(server, deleting({.kind = Kind::keep, .count = 4})).deleted, 0U);
    EXPECT_EQ(fetch(server, deleting({.kind = Kind::keep, .count = 3})).deleted, 1U);
}

TEST_F(Deletion, IsPlannedForWhatIsYetToComeWhenDry) {
    fetch(pop3::ScriptedServer(ten), [](fetch::Job& job) {
        job.deletes = {.kind = Kind::keep, .count = 3};
        job.dry_run = true;
    });
    EXPECT_EQ(listener.plan.remove.size(), 7U);
}

TEST_F(Deletion, WaitsUntilAMessageIsOldEnough) {
    const pop3::ScriptedServer server(ten);
    const auto policy = deleting({.kind = Kind::after, .seconds = 30 * 86400});
    EXPECT_EQ(fetch(server, policy).deleted, 0U);
    change_ledger("UPDATE message SET archived_at = archived_at - 31 * 86400 WHERE id <= 4");
    EXPECT_EQ(fetch(server, policy).deleted, 4U);
}

TEST_F(Deletion, IsPutOffWhereTheClockJumped) {
    const pop3::ScriptedServer server(ten);
    const auto policy = deleting({.kind = Kind::after, .seconds = 86400});
    fetch(server, policy);
    change_ledger(
        "UPDATE message SET archived_at = archived_at - 31 * 86400; "
        "UPDATE account SET last_attempt = last_attempt - 100 * 86400");
    EXPECT_EQ(fetch(server, policy).deleted, 0U);
    EXPECT_NE(listener.notes.find("nothing is deleted by age"), std::string::npos);
}

TEST_F(Deletion, IsStoppedByTheBrakeBeforeTheFirst) {
    const pop3::ScriptedServer server(ten);
    const auto summary = fetch(server, [&](fetch::Job& job) {
        job.deletes = fetched;
        job.brake.messages = 9;
    });
    EXPECT_EQ(summary.exit_code(), 75);
    EXPECT_FALSE(summary.silent);
    EXPECT_EQ(archived(), 10U);
    EXPECT_EQ(listed(server), 10U);
}

TEST_F(Deletion, AsksAPersonTheFirstTime) {
    const pop3::ScriptedServer server(ten);
    const auto attended = [&](fetch::Job& job) {
        job.deletes = fetched;
        job.attended = true;
    };
    fetch(server, attended);
    EXPECT_EQ(listener.asked_to_delete, 10U);
}

TEST_F(Deletion, SparesWhatIsRemovedFromTheMboxWhileAPersonIsAsked) {
    const pop3::ScriptedServer server(ten);
    const auto summary = fetch(server, [&](fetch::Job& job) {
        job.attended = true;
        job.deletes = fetched;
        listener.when_asked = [&] { folder.write("archive/me.mbox", ""); };
    });
    EXPECT_EQ(listener.asked_to_delete, 10U);
    EXPECT_EQ(summary.deleted, 0U);
}

TEST_F(Deletion, ThatAStopForbidsLeavesNoReceipt) {
    const pop3::ScriptedServer server(ten);
    const auto stopped = [&] {
        interrupt::install();
        const auto summary = fetch(server, [&](fetch::Job& job) {
            job.attended = true;
            job.deletes = fetched;
            listener.when_asked = [] { raise(SIGTERM); };
        });
        std::_Exit(summary.exit_code());
    };
    // In a process of its own, since a stop can't be taken back.
    EXPECT_EXIT(stopped(), testing::ExitedWithCode(static_cast<int>(Category::terminated)), "");
    auto archive = archive::Archive::open(folder / "archive", archive::Access::read);
    EXPECT_EQ(archive.ledger().messages.counts(std::nullopt).archived, 10U);
    archive.ledger().deletions.each({}, [](const ledger::Deletion&) { ADD_FAILURE(); });
}

TEST_F(Deletion, SparesWhatCannotBeReadBack) {
    const pop3::ScriptedServer server(ten);
    fetch(server);
    std::string mbox = folder.read("archive/me.mbox");
    folder.write("archive/me.mbox", mbox.replace(2000, 6, "damage"));
    const auto summary = fetch(server, deleting(fetched));
    EXPECT_EQ(summary.deleted, 9U);
    EXPECT_EQ(listed(server), 1U);
}

TEST_F(Deletion, OfWhatIsKnownByItsHeaderOnlyRetrievesItFirst) {
    const pop3::ScriptedServer server(ten);
    fetch(server);
    lose("archive/.popkeep/ledger.db");
    fetch(server);
    const auto summary = fetch(server, deleting(fetched));
    EXPECT_EQ(summary.fetched, 10U);
    EXPECT_EQ(summary.archived, 0U);
    EXPECT_EQ(summary.deleted, 10U);
}

TEST_F(Deletion, IsNotConfirmedOfAMessageWhoseDeleIsRefused) {
    const pop3::ScriptedServer server({"--scenario", "D26-dele-refused"});
    const auto summary = fetch(server, deleting(fetched));
    EXPECT_EQ(summary.deleted, 4U);
    EXPECT_EQ(summary.unconfirmed, 1U);
    EXPECT_EQ(summary.exit_code(), 75);
}

TEST_F(Deletion, IsNotConfirmedByARefusedQuit) {
    const pop3::ScriptedServer server({"--scenario", "D25-quit-err"});
    const auto summary = fetch(server, deleting(fetched));
    EXPECT_EQ(summary.deleted, 0U);
    EXPECT_GT(summary.unconfirmed, 0U);
    EXPECT_EQ(summary.exit_code(), 75);
}

}  // namespace
}  // namespace popkeep::test
