#include "ledger/ledger_test.hpp"

using namespace popkeep;

namespace {

struct DeletionsTest : test::LedgerTest {
    ledger::Message row = message("u", "x");
    DeletionsTest() { row.id = insert(row); }

    std::vector<ledger::Deletion> all(const ledger::Ids& of = {}) {
        std::vector<ledger::Deletion> receipts;
        ledger.deletions.each(of, [&](const ledger::Deletion& one) { receipts.push_back(one); });
        return receipts;
    }
};

}  // namespace

TEST_F(DeletionsTest, AreOfUnknownOutcomeAtFirst) {
    ledger.deletions.ask(row, "ann.mbox", 500);
    const ledger::Deletion receipt = all().at(0);
    EXPECT_EQ(receipt.account, account.id);
    EXPECT_EQ(receipt.message, row.id);
    EXPECT_EQ(receipt.uid, "u");
    EXPECT_EQ(receipt.content, row.content);
    EXPECT_EQ(receipt.path, "ann.mbox");
    EXPECT_EQ(receipt.asked_at, 500);
    EXPECT_EQ(receipt.outcome, "unknown");
    EXPECT_FALSE(ledger.deletions.confirmed(row.id));
}

TEST_F(DeletionsTest, AreConfirmedWithWhatTheServerSaid) {
    ledger.deletions.settle(ledger.deletions.ask(row, "ann.mbox", 500), "confirmed", "+OK bye");
    EXPECT_EQ(all().at(0).quit_reply, "+OK bye");
    EXPECT_TRUE(ledger.deletions.confirmed(row.id));
}

TEST_F(DeletionsTest, AreNoLongerConfirmedIfTheMessageIsListedAgain) {
    ledger.deletions.settle(ledger.deletions.ask(row, "ann.mbox", 500), "confirmed", "+OK bye");
    ledger.deletions.still_listed(row.id);
    EXPECT_FALSE(ledger.deletions.confirmed(row.id));
    EXPECT_EQ(all().at(0).outcome, "still listed");
}

TEST_F(DeletionsTest, AreCountedForEachMessage) {
    ledger.deletions.ask(row, "ann.mbox", 500);
    ledger.deletions.ask(row, "ann.mbox", 600);
    EXPECT_EQ(ledger.deletions.attempts(row.id), 2U);
    EXPECT_EQ(ledger.deletions.attempts(row.id + 1), 0U);
}

TEST_F(DeletionsTest, AreAnsweredUnlessNobodyKnows) {
    ledger.deletions.ask(row, "ann.mbox", 500);
    ledger.deletions.settle(ledger.deletions.ask(row, "ann.mbox", 600), "refused", "bye");
    ledger.deletions.settle(ledger.deletions.ask(row, "ann.mbox", 700), "confirmed", "bye");
    EXPECT_EQ(ledger.deletions.answered(row.id), 2U);
    ledger.deletions.still_listed(row.id);
    EXPECT_EQ(ledger.deletions.answered(row.id), 2U);
}

TEST_F(DeletionsTest, AreStillListedOnlyIfTheyWereConfirmed) {
    ledger.deletions.ask(row, "ann.mbox", 500);
    ledger.deletions.settle(ledger.deletions.ask(row, "ann.mbox", 600), "refused", "bye");
    ledger.deletions.still_listed(row.id);
    EXPECT_EQ(all().at(0).outcome, "refused");
    EXPECT_EQ(all().at(1).outcome, "unknown");
}

TEST_F(DeletionsTest, AreShownNewestFirstAndByAccount) {
    ledger.deletions.ask(row, "ann.mbox", 500);
    ledger.deletions.ask(row, "ann.mbox", 600);
    EXPECT_EQ(all({account.id}).at(0).asked_at, 600);
    EXPECT_TRUE(all({account.id + 1}).empty());
}

TEST_F(DeletionsTest, OutliveTheRowOfTheirMessage) {
    ledger.deletions.ask(row, "ann.mbox", 500);
    ledger.messages.remove(row.id);
    EXPECT_EQ(all().size(), 1U);
}

TEST_F(DeletionsTest, KnowNoOtherOutcomes) {
    const ledger::Id id = ledger.deletions.ask(row, "ann.mbox", 500);
    EXPECT_ANY_THROW(ledger.deletions.settle(id, "perhaps", ""));
}
