#include "fetch/fetch_test.hpp"

namespace popkeep::test {
namespace {

class Run : public FetchTest {};

const std::vector<std::string> ten{"--count", "10"};

TEST_F(Run, ArchivesEveryListedMessage) {
    const auto summary = fetch(pop3::ScriptedServer(ten));
    EXPECT_EQ(summary.exit_code(), 0);
    EXPECT_EQ(summary.archived, 10U);
    EXPECT_EQ(archived(), 10U);
}

TEST_F(Run, FindsNothingNewTheSecondTime) {
    const pop3::ScriptedServer server(ten);
    fetch(server);
    const auto summary = fetch(server);
    EXPECT_EQ(summary.fresh, 0U);
    EXPECT_EQ(summary.archived, 0U);
}

TEST_F(Run, StopsAtTheLimitHoweverManySessionsItTakes) {
    const pop3::ScriptedServer server({"--scenario", "D01-cut-once"});
    const auto summary = fetch(server, [](fetch::Job& job) { job.limit = 2; });
    EXPECT_NE(listener.notes.find("a new session is begun"), std::string::npos);
    EXPECT_EQ(summary.archived, 2U);
}

TEST_F(Run, StopsAtTheLimitAndGoesOnThereNextTime) {
    const pop3::ScriptedServer server(ten);
    const auto first = fetch(server, [](fetch::Job& job) { job.limit = 4; });
    EXPECT_EQ(first.archived, 4U);
    EXPECT_EQ(first.left, 6U);
    EXPECT_EQ(fetch(server).archived, 6U);
    EXPECT_EQ(archived(), 10U);
}

TEST_F(Run, OnlyPlansWhenItIsDry) {
    const pop3::ScriptedServer server(ten);
    const auto summary = fetch(server, [](fetch::Job& job) { job.dry_run = true; });
    EXPECT_EQ(summary.exit_code(), 0);
    EXPECT_EQ(listener.plan.fetch.size(), 10U);
    EXPECT_EQ(archived(), 0U);
}

TEST_F(Run, GoesOnAfterARefusedMessageAndNamesIt) {
    const auto summary = fetch(pop3::ScriptedServer({"--scenario", "D05-poisoned"}));
    EXPECT_EQ(summary.exit_code(), 75);
    EXPECT_EQ(summary.refused, 1U);
    ASSERT_EQ(listener.troubles.size(), 1U);
    EXPECT_EQ(listener.troubles[0].number, 2U);
    EXPECT_TRUE(listener.troubles[0].tell);
}

TEST_F(Run, TellsOfARefusedMessageOnceADayOnly) {
    const pop3::ScriptedServer server({"--scenario", "D05-poisoned"});
    fetch(server);
    const auto second = fetch(server);
    EXPECT_EQ(second.exit_code(), 75);
    EXPECT_TRUE(second.silent);
    EXPECT_FALSE(listener.troubles.at(0).tell);
}

TEST_F(Run, QuarantinesAMessageThatWasRefusedThreeTimes) {
    const pop3::ScriptedServer server({"--scenario", "D05-poisoned"});
    fetch(server);
    fetch(server);
    EXPECT_EQ(fetch(server).exit_code(), 65);
    EXPECT_TRUE(listener.troubles.at(0).quarantined);
    EXPECT_EQ(fetch(server).exit_code(), 65);
    EXPECT_EQ(fetch(server).exit_code(), 65);
    EXPECT_EQ(listener.troubles.at(0).failures, 3U) << "it was asked for again without a pause";
}

TEST_F(Run, AsksAgainForWhatAWrongClockQuarantinedInTheFuture) {
    const pop3::ScriptedServer server({"--scenario", "D05-poisoned"});
    for (int i = 0; i < 3; ++i) fetch(server);
    change_ledger("UPDATE refusal SET last_at = last_at + 30 * 86400");
    fetch(server);
    EXPECT_EQ(listener.troubles.at(0).failures, 4U);
}

TEST_F(Run, BeginsANewSessionWhenOneIsLost) {
    const auto summary = fetch(pop3::ScriptedServer({"--scenario", "D01-cut-once"}));
    EXPECT_EQ(summary.exit_code(), 0);
    EXPECT_EQ(archived(), summary.listed);
    EXPECT_NE(listener.notes.find("a new session is begun"), std::string::npos);
}

TEST_F(Run, AsksForOneAtATimeWhereAnEarlierRunGotAMuddle) {
    const pop3::ScriptedServer server({"--scenario", "D28-interleaved"});
    fetch(server, [](fetch::Job& job) { job.limit = 2; });
    EXPECT_NE(listener.notes.find("a new session is begun"), std::string::npos);
    listener.notes.clear();
    EXPECT_EQ(fetch(server).archived, 3U);
    EXPECT_EQ(listener.notes, "");
}

TEST_F(Run, TellsALastingTroubleOfTheMailboxAtOnceAndAPassingOneNot) {
    EXPECT_FALSE(fetch(pop3::ScriptedServer({"--scenario", "D20-sys-perm"})).silent);
    EXPECT_TRUE(fetch(pop3::ScriptedServer({"--scenario", "D20-sys-temp"})).silent);
}

TEST_F(Run, DoesNotTryARefusedPasswordAgainUnattended) {
    const pop3::ScriptedServer server({"--scenario", "D20-auth"});
    EXPECT_EQ(fetch(server).exit_code(), 77);
    const auto second = fetch(server);
    EXPECT_EQ(second.exit_code(), 77);
    EXPECT_NE(second.error->sentence().find("not tried again"), std::string::npos);
}

TEST_F(Run, TriesARefusedPasswordAgainOnceItIsAnother) {
    const pop3::ScriptedServer server(ten);
    EXPECT_EQ(fetch(server, [](fetch::Job& job) { job.login.password = "wrong"; }).exit_code(), 77);
    EXPECT_EQ(fetch(server).exit_code(), 0);
}

TEST_F(Run, TriesAPasswordAgainThatWasTakenSinceItWasRefused) {
    EXPECT_EQ(fetch(pop3::ScriptedServer({"--scenario", "D20-auth"})).exit_code(), 77);
    const pop3::ScriptedServer server(ten);
    EXPECT_EQ(fetch(server, [](fetch::Job& job) { job.attended = true; }).exit_code(), 0);
    EXPECT_EQ(fetch(server).exit_code(), 0);
}

TEST_F(Run, TriesAPasswordAgainThatAWrongClockSawRefusedInTheFuture) {
    const pop3::ScriptedServer server({"--scenario", "D20-auth"});
    fetch(server);
    change_ledger("UPDATE account SET refused_at = refused_at + 30 * 86400");
    EXPECT_EQ(fetch(server).error->sentence().find("not tried again"), std::string::npos);
}

TEST_F(Run, WaitsBetweenTwoSignInsNoLongerThanAnHourWhateverTheClockWas) {
    const pop3::ScriptedServer server(ten);
    fetch(server);
    const auto not_before = [&](int seconds) {
        change_ledger(
            "INSERT OR REPLACE INTO memo VALUES (1, 'sign-in refused as too soon', unixepoch()), "
            "(1, 'no sign-in before', unixepoch() + " +
            std::to_string(seconds) + ")");
    };
    not_before(600);
    EXPECT_EQ(fetch(server).exit_code(), 75);
    not_before(30 * 86400);
    EXPECT_EQ(fetch(server).exit_code(), 0);
}

TEST_F(Run, TellsOfADamagedLedgerOnceADayOnly) {
    const pop3::ScriptedServer server(ten);
    folder.write("archive/.popkeep/ledger.db",
                 "What stands here is no database, and a fetch doesn't mend it.");
    const auto first = fetch(server);
    EXPECT_EQ(first.exit_code(), 65);
    EXPECT_FALSE(first.silent);
    const auto second = fetch(server);
    EXPECT_EQ(second.exit_code(), 65);
    EXPECT_TRUE(second.silent);
}

TEST_F(Run, LooksAgainAtAMessageThatAnotherProcessFoundMissingInTheMiddleOfTheLastOne) {
    const pop3::ScriptedServer server({"--count", "10"});
    fetch(server, [](fetch::Job& job) { job.limit = 9; });
    listener.plan = {};
    fetch(server, [&](fetch::Job& job) {
        job.file = [&](std::string_view, std::int64_t) {
            const bool in_the_middle = listener.plan.wanted == 1;
            if (in_the_middle)
                change_ledger(
                    "UPDATE message SET state = 'missing', refetch = 1 WHERE id = 1; UPDATE listing SET "
                    "settled = 0");
            return std::string("me.mbox");
        };
    });
    EXPECT_EQ(fetch(server).archived, 1U);
}

TEST_F(Run, EndsAtOnceWhereAnotherRunHasTheAccount) {
    const pop3::ScriptedServer server({"--count", "1"});
    fetch::Summary inner;
    fetch(server, [&](fetch::Job& job) {
        job.file = [&, outer = job](std::string_view, std::int64_t) {
            Listener deaf;
            inner = fetch::run(outer, deaf);
            return std::string("me.mbox");
        };
    });
    EXPECT_EQ(inner.exit_code(), 75);
    EXPECT_EQ(archived(), 1U);
}

}  // namespace
}  // namespace popkeep::test
