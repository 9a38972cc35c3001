#include "ledger/left_behind.hpp"

#include "ledger/ledger_test.hpp"

namespace popkeep::test {
namespace {

using LeftBehind = LedgerTest;
using ByUid = ledger::LeftBehind::ByUid;

TEST_F(LeftBehind, IsNothingBeforeAMessageWasAskedToGo) {
    EXPECT_TRUE(ledger.left_behind.of(account.id).empty());
}

TEST_F(LeftBehind, IsKnownByUidToTheByteForEachAccount) {
    const auto other = ledger.accounts.enter("bob@example.org", "bob", 100);
    const std::string odd("u\0\xff", 3);
    change([&] {
        ledger.left_behind.set(account.id, {{odd, {2, 7}}, {"", {1, 9}}});
        ledger.left_behind.set(other.id, {{"b", {3, 5}}});
    });
    EXPECT_EQ(ledger.left_behind.of(account.id), (ByUid{{odd, {2, 7}}, {"", {1, 9}}}));
    EXPECT_EQ(ledger.left_behind.of(other.id), (ByUid{{"b", {3, 5}}}));
}

TEST_F(LeftBehind, IsWhatTheLatestDeletionLeft) {
    change([&] { ledger.left_behind.set(account.id, {{"a", {1, 1}}}); });
    change([&] { ledger.left_behind.set(account.id, {{"b", {1, 2}}}); });
    EXPECT_EQ(ledger.left_behind.of(account.id), (ByUid{{"b", {1, 2}}}));
    change([&] { ledger.left_behind.set(account.id, {}); });
    EXPECT_TRUE(ledger.left_behind.of(account.id).empty());
}

}  // namespace
}  // namespace popkeep::test
