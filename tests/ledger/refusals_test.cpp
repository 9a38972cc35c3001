#include "ledger/ledger_test.hpp"

using namespace popkeep;

namespace {

struct RefusalsTest : test::LedgerTest {
    ledger::Refusal refusal(std::int64_t time, std::string said, std::int64_t count = 1,
                            bool broke_session = false) const {
        return {.account = account.id,
                .uid = std::string("u\xff"),
                .list_size = 77,
                .broke_session = broke_session,
                .said = std::move(said),
                .first_at = time,
                .last_at = time,
                .count = count,
                .told_at = {}};
    }
    std::vector<ledger::Refusal> all() { return ledger.refusals.all(account.id); }
};

}  // namespace

TEST_F(RefusalsTest, AreKeptOnceForEachUidAsTheyWereLast) {
    ledger.refusals.put(refusal(100, "-ERR no"));
    ledger.refusals.put(refusal(200, "-ERR still no", 2, true));
    ASSERT_EQ(all().size(), 1U);
    const ledger::Refusal last = all()[0];
    EXPECT_EQ(last.uid, "u\xff");
    EXPECT_EQ(last.list_size, 77U);
    EXPECT_EQ(last.first_at, 100);
    EXPECT_EQ(last.last_at, 200);
    EXPECT_EQ(last.count, 2);
    EXPECT_EQ(last.said, "-ERR still no");
    EXPECT_TRUE(last.broke_session);
}

TEST_F(RefusalsTest, KeepWhenTheyWereToldThroughFurtherOnes) {
    ledger.refusals.put(refusal(100, "-ERR no"));
    ledger.refusals.told(account.id, "u\xff", 150);
    ledger.refusals.put(refusal(200, "-ERR no"));
    EXPECT_EQ(all().at(0).told_at, 150);
}

TEST_F(RefusalsTest, AreForgottenOnceTheMessageCame) {
    ledger.refusals.put(refusal(100, "-ERR no"));
    ledger.refusals.remove(account.id, "u\xff");
    EXPECT_TRUE(all().empty());
}
