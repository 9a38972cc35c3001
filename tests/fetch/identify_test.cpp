#include "fetch/fetch_test.hpp"

namespace popkeep::test {
namespace {

class Identify : public FetchTest {};

TEST_F(Identify, KeepsTwinsUnderOneUidTwo) {
    const pop3::ScriptedServer server({"--scenario", "D09-same-uid-twins"});
    const auto first = fetch(server);
    EXPECT_EQ(first.archived, first.listed);
    EXPECT_EQ(fetch(server).archived, 0U);
    EXPECT_EQ(archived(), first.listed);
}

TEST_F(Identify, RecognisesAMaildropWithoutUidsByItsMessages) {
    const pop3::ScriptedServer server({"--scenario", "D11-uids-are-numbers"});
    const auto first = fetch(server);
    EXPECT_EQ(first.archived, first.listed);
    EXPECT_EQ(fetch(server).archived, 0U);
}

TEST_F(Identify, ClaimsWhatStandsWhenTheLedgerIsLost) {
    const pop3::ScriptedServer server({"--count", "10"});
    fetch(server);
    lose("archive/.popkeep/ledger.db");
    const auto summary = fetch(server);
    EXPECT_EQ(summary.claimed, 10U);
    EXPECT_EQ(summary.fetched, 0U) << "they were downloaded again";
    EXPECT_EQ(archived(), 10U);
}

TEST_F(Identify, ClaimsWhatStandsWhenEveryUidIsAnother) {
    const pop3::ScriptedServer server({"--count", "10"});
    fetch(server);
    change_ledger(
        "UPDATE message SET uid = CAST('old-' || CAST(uid AS TEXT) AS BLOB); UPDATE listing SET settled = 0");
    const auto summary = fetch(server);
    EXPECT_EQ(summary.claimed, 10U);
    EXPECT_EQ(summary.archived, 0U);
}

TEST_F(Identify, FetchesAgainWhatWasCutOffTheMbox) {
    const pop3::ScriptedServer server({"--count", "10"});
    fetch(server);
    std::filesystem::resize_file(folder / "archive/me.mbox", 1000);
    const auto summary = fetch(server);
    EXPECT_EQ(summary.exit_code(), 0);
    EXPECT_EQ(summary.archived, 10U);
}

TEST_F(Identify, LeavesAloneWhatSomebodyRemoved) {
    const pop3::ScriptedServer server({"--count", "10"});
    fetch(server);
    lose("archive/me.mbox");
    EXPECT_EQ(fetch(server).archived, 0U);
}

TEST_F(Identify, FetchesAnotherMessageUnderTheUidOfOneThatIsArchivedAndOneThatIsRemoved) {
    const pop3::ScriptedServer server({"--count", "10"});
    fetch(server);
    change_ledger(
        "INSERT INTO message (account_id, uid, list_size, state, mbox_id, start, length, content, header, "
        "size, "
        "lines, bare_lf, archived_at) SELECT account_id, uid, list_size, 'missing', mbox_id, start, length, "
        "content, "
        "header, size, lines, bare_lf, archived_at FROM message WHERE id = 1; "
        "UPDATE message SET list_size = list_size + 1, content = randomblob(32), header = randomblob(32) "
        "WHERE id = 1; "
        "UPDATE listing SET settled = 0");
    EXPECT_EQ(fetch(server).archived, 1U);
}

TEST_F(Identify, WarnsOfMailThatIsGone) {
    const pop3::ScriptedServer server({"--count", "10"});
    fetch(server);
    lose("archive/me.mbox");
    fetch(server);
    EXPECT_NE(listener.warnings.find("10 messages"), std::string::npos) << listener.warnings;
}

}  // namespace
}  // namespace popkeep::test
