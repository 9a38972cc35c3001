#include "ledger/memos.hpp"

#include "ledger/ledger_test.hpp"

namespace popkeep::test {
namespace {

class Memos : public LedgerTest {
  protected:
    bool has_table() {
        return ledger.database.query("SELECT 1 FROM sqlite_schema WHERE name = 'memo'").step();
    }
};

TEST_F(Memos, AreFoundByAccountAndName) {
    const auto other = ledger.accounts.enter("bob@example.org", "bob", 100);
    change([&] {
        ledger.memos.set(account.id, "a", 1);
        ledger.memos.set(account.id, "b", -2);
        ledger.memos.set(other.id, "a", 3);
        ledger.memos.set(account.id, "a", 4);
    });
    EXPECT_EQ(ledger.memos.find(account.id, "a"), 4);
    EXPECT_EQ(ledger.memos.find(account.id, "b"), -2);
    EXPECT_EQ(ledger.memos.find(other.id, "a"), 3);
    EXPECT_EQ(ledger.memos.find(other.id, "b"), std::nullopt);
}

TEST_F(Memos, HaveNoTableBeforeTheFirst) {
    EXPECT_EQ(ledger.memos.find(account.id, "a"), std::nullopt);
    EXPECT_FALSE(has_table());
}

TEST_F(Memos, LeaveTheFormatsNumberAsItIs) {
    const auto version = [&] {
        auto query = ledger.database.query("PRAGMA user_version");
        return query.step() ? query.integer(0) : -1;
    };
    const auto before = version();
    change([&] { ledger.memos.set(account.id, "a", 1); });
    EXPECT_TRUE(has_table());
    EXPECT_EQ(version(), before);
}

TEST_F(Memos, AreFoundByAReaderWhoWasThereBefore) {
    ledger::Ledger reader(path, ledger::Access::read);
    EXPECT_EQ(reader.memos.find(account.id, "a"), std::nullopt);
    change([&] { ledger.memos.set(account.id, "a", 1); });
    EXPECT_EQ(reader.memos.find(account.id, "a"), 1);
}

TEST_F(Memos, AndTheirTableAreUndoneWithTheirTransaction) {
    {
        ledger::Transaction transaction = ledger.transaction();
        ledger.memos.set(account.id, "a", 1);
    }
    EXPECT_EQ(ledger.memos.find(account.id, "a"), std::nullopt);
    change([&] { ledger.memos.set(account.id, "a", 2); });
    EXPECT_EQ(ledger.memos.find(account.id, "a"), 2);
}

}  // namespace
}  // namespace popkeep::test
