#include <utility>

#include "base/error.hpp"
#include "ledger/ledger_test.hpp"

using namespace popkeep;

namespace {
using TransactionTest = test::LedgerTest;
}

TEST_F(TransactionTest, LeavesNothingIfItIsNotCommitted) {
    {
        const ledger::Transaction transaction = ledger.transaction();
        ledger.accounts.enter("bob@example.org", "bob", 1);
    }
    EXPECT_FALSE(ledger.accounts.find("bob@example.org"));
}

TEST_F(TransactionTest, IsSeenByOthersOnceItIsCommitted) {
    ledger::Ledger other(path, ledger::Access::write);
    ledger::Transaction transaction = ledger.transaction();
    ledger.accounts.enter("bob@example.org", "bob", 1);
    EXPECT_FALSE(other.accounts.find("bob@example.org"));
    transaction.commit();
    EXPECT_TRUE(other.accounts.find("bob@example.org"));
}

TEST_F(TransactionTest, MayFollowOneThatWasRolledBack) {
    { const ledger::Transaction transaction = ledger.transaction(); }
    change([&] { ledger.accounts.enter("bob@example.org", "bob", 1); });
    EXPECT_TRUE(ledger.accounts.find("bob@example.org"));
}

TEST_F(TransactionTest, MayFollowOneWhoseCommitFailed) {
    {
        ledger::Transaction transaction = ledger.transaction();
        ledger.database.execute("PRAGMA defer_foreign_keys = ON");
        ledger::Message row = message("uid", "content");
        row.account = account.id + 1;
        ledger.messages.insert(row);
        EXPECT_THROW(transaction.commit(), Error);
    }
    insert(message("uid", "content"));
    EXPECT_EQ(ledger.messages.by_uid(account.id + 1, "uid").size(), 0U);
}

TEST_F(TransactionTest, RefusesARowOfAnAccountThatDoesNotExist) {
    ledger::Message row = message("u", "x");
    row.account = 99;
    EXPECT_ANY_THROW(insert(row));
    EXPECT_EQ(ledger.messages.counts(std::nullopt).archived, 0U);
}

TEST_F(TransactionTest, ASnapshotStaysAtOneMomentWhileOthersWrite) {
    ledger::Ledger other(path, ledger::Access::write);
    const auto seen_by_snapshot = [&] {
        const ledger::Snapshot snapshot = ledger.snapshot();
        const bool before = ledger.accounts.find("bob@example.org").has_value();
        ledger::Transaction transaction = other.transaction();
        other.accounts.enter("bob@example.org", "bob", 1);
        transaction.commit();
        return std::pair(before, ledger.accounts.find("bob@example.org").has_value());
    };
    EXPECT_EQ(seen_by_snapshot(), std::pair(false, false));
    EXPECT_TRUE(ledger.accounts.find("bob@example.org"));
}
