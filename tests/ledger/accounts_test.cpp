#include "ledger/ledger_test.hpp"

using namespace popkeep;

namespace {
struct AccountsTest : test::LedgerTest {
    ledger::Account again() { return ledger.accounts.find("ann@example.org").value(); }
    ledger::Ids ids_named(std::string_view name) {
        ledger::Ids ids;
        for (const ledger::Account& found : ledger.accounts.named(name)) ids.push_back(found.id);
        return ids;
    }
};
}  // namespace

TEST_F(AccountsTest, KeepTheirFirstNameAndNoteEachAttempt) {
    const ledger::Account second = ledger.accounts.enter("ann@example.org", "renamed", 200);
    EXPECT_EQ(second.id, account.id);
    EXPECT_EQ(second.name, "ann");
    EXPECT_EQ(second.first_attempt, 100);
    EXPECT_EQ(second.last_attempt, 200);
}

TEST_F(AccountsTest, AreFoundByNameAndByIdentityWhichComesFirst) {
    const ledger::Account odd = ledger.accounts.enter("ann", "odd", 1);
    EXPECT_EQ(ids_named("ann"), ledger::Ids{odd.id});
    EXPECT_EQ(ids_named("odd"), ledger::Ids{odd.id});
    EXPECT_EQ(ids_named("ann@example.org"), ledger::Ids{account.id});
    EXPECT_EQ(ids_named("nobody"), ledger::Ids{});
}

TEST_F(AccountsTest, AreAllFoundByANameThatTheyShare) {
    const ledger::Account moved = ledger.accounts.enter("ann@example.com", "ann", 1);
    EXPECT_EQ(ids_named("ann"), (ledger::Ids{account.id, moved.id}));
}

TEST_F(AccountsTest, KnowTheNewestTime) {
    ledger.accounts.enter("bob@example.org", "bob", 50);
    EXPECT_EQ(ledger.accounts.newest_time(), 100);
}

TEST_F(AccountsTest, KeepTheLastFailureUntilASuccess) {
    ledger.accounts.failed(account.id, 75, "locked");
    ledger.accounts.told(account.id, 300);
    EXPECT_EQ(again().last_exit, 75);
    EXPECT_EQ(again().last_error, "locked");
    EXPECT_EQ(again().last_told, 300);
    ledger.accounts.succeeded(account.id, 400);
    EXPECT_EQ(again().last_success, 400);
    EXPECT_EQ(again().last_exit, 0);
    EXPECT_EQ(again().last_error, std::nullopt);
    EXPECT_EQ(again().last_told, std::nullopt);
}

TEST_F(AccountsTest, CountRefusalsOfACredential) {
    const std::string salt("s\0lt", 4);
    ledger.accounts.credential_refused(account.id, 300, 12345, salt);
    ledger.accounts.credential_refused(account.id, 400, 12345, salt);
    EXPECT_EQ(again().refused_at, 400);
    EXPECT_EQ(again().refused_count, 2);
    EXPECT_EQ(again().refused_mark, 12345);
    EXPECT_EQ(again().refused_salt, salt);
}

TEST_F(AccountsTest, ForgetRefusalsOnceACredentialIsAccepted) {
    ledger.accounts.credential_refused(account.id, 300, 12345, "salt");
    ledger.accounts.credential_accepted(account.id);
    EXPECT_EQ(again().refused_at, std::nullopt);
    EXPECT_EQ(again().refused_count, 0);
    EXPECT_EQ(again().refused_mark, std::nullopt);
    EXPECT_EQ(again().refused_salt, std::nullopt);
}

TEST_F(AccountsTest, RememberThatTheyDeleted) {
    EXPECT_FALSE(again().deleted_once);
    ledger.accounts.deleted_once(account.id);
    EXPECT_TRUE(again().deleted_once);
}

TEST_F(AccountsTest, RememberTheLastListingOnly) {
    ledger::Listing listing{
        .digest = sha256("1"), .count = 3, .octets = 300, .taken_at = 500, .settled = false};
    ledger.accounts.remember_listing(account.id, listing);
    listing.digest = sha256("2");
    listing.settled = true;
    ledger.accounts.remember_listing(account.id, listing);
    const ledger::Listing last = ledger.accounts.last_listing(account.id).value();
    EXPECT_EQ(last.digest, sha256("2"));
    EXPECT_EQ(last.count, 3U);
    EXPECT_EQ(last.octets, 300U);
    EXPECT_EQ(last.taken_at, 500);
    EXPECT_TRUE(last.settled);
}

TEST_F(AccountsTest, UnsettleOneOrAll) {
    const ledger::Account bob = ledger.accounts.enter("bob@example.org", "bob", 1);
    const auto settled = [&](ledger::Id id) { return ledger.accounts.last_listing(id)->settled; };
    for (const ledger::Id id : {account.id, bob.id})
        ledger.accounts.remember_listing(
            id, {.digest = {}, .count = 0, .octets = 0, .taken_at = 0, .settled = true});
    ledger.accounts.unsettle(account.id);
    EXPECT_FALSE(settled(account.id));
    EXPECT_TRUE(settled(bob.id));
    ledger.accounts.unsettle(std::nullopt);
    EXPECT_FALSE(settled(bob.id));
}
