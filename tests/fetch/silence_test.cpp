#include "fetch/silence.hpp"

#include "base/clock.hpp"
#include "fetch/fetch_test.hpp"

namespace popkeep::test {
namespace {

class Silence : public FetchTest {
  protected:
    static constexpr std::int64_t hour = 3600;

    // Whether a run that fails so keeps it to itself, the account having last succeeded so long ago.
    bool keeps(Category category, std::int64_t since_success) {
        auto archive = archive::Archive::open(folder / "archive", archive::Access::write);
        const auto account = archive.ledger().accounts.enter("me@example.com", "me", now());
        archive.ledger().accounts.succeeded(account.id, now() - since_success);
        return fetch::stays_silent(archive, account.id, Error(category, "it failed"));
    }
};

TEST_F(Silence, IsKeptAboutAPassingTroubleForADay) {
    EXPECT_TRUE(keeps(Category::temporary, 23 * hour));
}

TEST_F(Silence, EndsAfterADayWithoutSuccess) {
    EXPECT_FALSE(keeps(Category::no_host, 25 * hour));
}

TEST_F(Silence, IsNotKeptForASuccessThatAWrongClockDatedIntoTheFuture) {
    EXPECT_FALSE(keeps(Category::temporary, -48 * hour));
}

TEST_F(Silence, IsBrokenAtOnceByTheDiskThenKeptAboutTheSameForADay) {
    EXPECT_FALSE(keeps(Category::io, hour));
    EXPECT_TRUE(keeps(Category::io, hour));
}

TEST_F(Silence, IsBrokenByMissingRightsOnADayOnWhichSomethingElseWasTold) {
    auto archive = archive::Archive::open(folder / "archive", archive::Access::write);
    const auto account = archive.ledger().accounts.enter("me@example.com", "me", now());
    archive.ledger().accounts.told(account.id, now() - hour);
    EXPECT_FALSE(fetch::stays_silent(archive, account.id, Error(Category::permission, "no rights")));
}

TEST_F(Silence, CountsFromTheFirstAttemptWhereNoneSucceeded) {
    auto archive = archive::Archive::open(folder / "archive", archive::Access::write);
    const auto account = archive.ledger().accounts.enter("me@example.com", "me", now() - 25 * hour);
    EXPECT_FALSE(fetch::stays_silent(archive, account.id, Error(Category::temporary, "it failed")));
}

class SilenceOverARefusedMessage : public Silence {
  protected:
    // Whether a run keeps it to itself that it fails by time-out, all runs having been partial for three days
    // and the last one that went through so long ago.
    bool keeps(std::int64_t since_listing) {
        auto archive = archive::Archive::open(folder / "archive", archive::Access::write);
        ledger::Accounts& accounts = archive.ledger().accounts;
        const auto account = accounts.enter("me@example.com", "me", now());
        accounts.succeeded(account.id, now() - 72 * hour);
        accounts.remember_listing(account.id, {.taken_at = now() - since_listing});
        return fetch::stays_silent(archive, account.id, Error(Category::temporary, "it failed"));
    }
};

TEST_F(SilenceOverARefusedMessage, CountsFromTheLastRunThatWentThrough) {
    EXPECT_TRUE(keeps(23 * hour));
    EXPECT_FALSE(keeps(25 * hour));
}

TEST_F(SilenceOverARefusedMessage, CountsFromTheLastSuccessInARunThatWentThroughItself) {
    EXPECT_FALSE(keeps(0));
}

TEST_F(Silence, FollowsATellingForADay) {
    auto archive = archive::Archive::open(folder / "archive", archive::Access::write);
    const auto account = archive.ledger().accounts.enter("me@example.com", "me", now() - 25 * hour);
    const Error error(Category::temporary, "it failed");
    fetch::stays_silent(archive, account.id, error);
    EXPECT_TRUE(fetch::stays_silent(archive, account.id, error));
    archive.ledger().accounts.told(account.id, now() + 48 * hour);
    EXPECT_FALSE(fetch::stays_silent(archive, account.id, error)) << "a wrong clock dated it into the future";
}

}  // namespace
}  // namespace popkeep::test
