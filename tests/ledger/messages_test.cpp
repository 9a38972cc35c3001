#include "ledger/ledger_test.hpp"

using namespace popkeep;
using ledger::State;

namespace {
using Ids = std::vector<ledger::Id>;

struct MessagesTest : test::LedgerTest {
    Ids visited(const Ids& accounts, ledger::Id first) {
        Ids ids;
        ledger.messages.each(accounts, first, [&](const ledger::Message& row) {
            ids.push_back(row.id);
            return true;
        });
        return ids;
    }
};
}  // namespace

TEST_F(MessagesTest, GivesBackEveryColumn) {
    const ledger::Id replaced = insert(message("old", "old"));
    ledger::Message row = message(std::string("u\0\xff", 3), "x");
    row.list_size = 123;
    row.state = State::prepared;
    row.proof = ledger::Proof::header;
    row.start = 5'000'000'000;
    row.postmark = "From x\n";
    row.header = sha256("header");
    row.stripped = sha256("stripped");
    row.lines = 7;
    row.bare_lf = 2;
    row.edited = row.refetch = true;
    row.replaces = replaced;
    row.id = insert(row);

    const ledger::Message found = ledger.messages.find(row.id).value();
    EXPECT_EQ(found.account, row.account);
    EXPECT_EQ(found.uid, row.uid);
    EXPECT_EQ(found.list_size, row.list_size);
    EXPECT_EQ(found.state, row.state);
    EXPECT_EQ(found.proof, row.proof);
    EXPECT_EQ(found.mbox, row.mbox);
    EXPECT_EQ(found.start, row.start);
    EXPECT_EQ(found.length, row.length);
    EXPECT_EQ(found.postmark, row.postmark);
    EXPECT_EQ(found.content, row.content);
    EXPECT_EQ(found.header, row.header);
    EXPECT_EQ(found.stripped, row.stripped);
    EXPECT_EQ(found.size, row.size);
    EXPECT_EQ(found.lines, row.lines);
    EXPECT_EQ(found.bare_lf, row.bare_lf);
    EXPECT_EQ(found.edited, row.edited);
    EXPECT_EQ(found.refetch, row.refetch);
    EXPECT_EQ(found.replaces, row.replaces);
    EXPECT_EQ(found.archived_at, row.archived_at);
}

TEST_F(MessagesTest, KeepsAnEmptyUidApartFromNone) {
    ledger::Message none = message("", "x");
    none.uid.reset();
    EXPECT_EQ(ledger.messages.find(insert(none))->uid, std::nullopt);
    EXPECT_EQ(ledger.messages.find(insert(message("", "y")))->uid, "");
}

TEST_F(MessagesTest, FindsTwinsOfOneUidArchivedOnesFirst) {
    ledger::Message lost = message("u", "x");
    lost.state = State::missing;
    const ledger::Id missing = insert(lost);
    const ledger::Id first = insert(message("u", "x"));
    const ledger::Id second = insert(message("u", "x"));
    insert(message("v", "x"));
    EXPECT_EQ(ids(ledger.messages.by_uid(account.id, "u")), (Ids{first, second, missing}));
}

TEST_F(MessagesTest, FindsOfOneUidFirstWhatIsProvenByItsContent) {
    const ledger::Id unproven = insert(message("u", "x"));
    ledger::Message row = message("u", "y");
    row.proof = ledger::Proof::header;
    const ledger::Id by_header = insert(row);
    row.proof = ledger::Proof::content;
    const ledger::Id by_content = insert(row);
    EXPECT_EQ(ids(ledger.messages.by_uid(account.id, "u")), (Ids{by_content, by_header, unproven}));
}

TEST_F(MessagesTest, FindsNoUidOfAnotherAccount) {
    insert(message("u", "x"));
    const ledger::Account bob = ledger.accounts.enter("bob@example.org", "bob", 1);
    EXPECT_TRUE(ledger.messages.by_uid(bob.id, "u").empty());
}

TEST_F(MessagesTest, FindsNoUidThatIsOnlyIntended) {
    ledger::Message row = message("u", "x");
    row.state = State::prepared;
    insert(row);
    EXPECT_TRUE(ledger.messages.by_uid(account.id, "u").empty());
}

TEST_F(MessagesTest, FindsByHeaderTheAccountsOwnAndTheUnclaimed) {
    const ledger::Account bob = ledger.accounts.enter("bob@example.org", "bob", 1);
    const ledger::Id own = insert(message("u", "x"));
    ledger::Message row = message("v", "x");
    row.account = bob.id;
    insert(row);
    row.account.reset();
    row.state = State::unclaimed;
    const ledger::Id unclaimed = insert(row);
    row = message("w", "x");
    row.state = State::missing;
    insert(row);
    EXPECT_EQ(ids(ledger.messages.by_header(account.id, sha256("x"))), (Ids{own, unclaimed}));
}

TEST_F(MessagesTest, FindsByHeaderTheAccountsOwnBeforeWhatIsUnclaimed) {
    ledger::Message row = message("v", "x");
    row.account.reset();
    row.state = State::unclaimed;
    const ledger::Id unclaimed = insert(row);
    const ledger::Id own = insert(message("u", "x"));
    EXPECT_EQ(ids(ledger.messages.by_header(account.id, sha256("x"))), (Ids{own, unclaimed}));
}

TEST_F(MessagesTest, FindsByTheBeginningOfADigest) {
    const ledger::Id id = insert(message("u", "x"));
    insert(message("v", "y"));
    EXPECT_EQ(ids(ledger.messages.by_content_prefix(to_hex(sha256("x")).substr(0, 6))), (Ids{id}));
}

TEST_F(MessagesTest, CountsByStateWithoutIntents) {
    insert(message("a", "12345"));
    ledger::Message row = message("b", "123");
    row.account.reset();
    row.state = State::unclaimed;
    insert(row);
    row = message("c", "1");
    row.state = State::missing;
    insert(row);
    row.state = State::prepared;
    insert(row);

    const ledger::MessageCounts all = ledger.messages.counts(std::nullopt);
    EXPECT_EQ(all.archived, 1U);
    EXPECT_EQ(all.unclaimed, 1U);
    EXPECT_EQ(all.missing, 1U);
    EXPECT_EQ(all.bytes, 8U);
    EXPECT_EQ(ledger.messages.counts(account.id).unclaimed, 0U);
}

TEST_F(MessagesTest, CountsNothingInAnEmptyLedger) {
    const ledger::MessageCounts counts = ledger.messages.counts(account.id);
    EXPECT_EQ(counts.archived + counts.missing + counts.bytes, 0U);
}

TEST_F(MessagesTest, TurnsTheIntentsOfAnMboxIntoArchivedMessages) {
    ledger::Message row = message("u", "x");
    row.state = State::prepared;
    row.postmark = "From x\n";
    row.replaces = 77;
    const ledger::Id id = insert(row);
    row.mbox = ledger.mboxes.enter("other.mbox").id;
    const ledger::Id elsewhere = insert(row);
    EXPECT_EQ(ledger.messages.prepared_ids_in(mbox.id), std::vector{id});
    ledger.messages.archive_prepared_in(mbox.id);
    EXPECT_TRUE(ledger.messages.prepared_ids_in(mbox.id).empty());
    EXPECT_EQ(ledger.messages.find(id)->state, State::archived);
    EXPECT_EQ(ledger.messages.find(id)->postmark, std::nullopt);
    EXPECT_EQ(ledger.messages.find(id)->replaces, std::nullopt);
    EXPECT_EQ(ledger.messages.find(elsewhere)->state, State::prepared);
}

TEST_F(MessagesTest, KnowsTheHighestNumber) {
    EXPECT_EQ(ledger.messages.highest(), 0);
    insert(message("a", "a"));
    EXPECT_EQ(ledger.messages.highest(), insert(message("b", "b")));
}

TEST_F(MessagesTest, PairsTwinsThatMovedOneToOne) {
    const auto in_state = [&](State state, std::string_view content) {
        ledger::Message row = message("u", content);
        row.state = state;
        return insert(row);
    };
    const ledger::Id lost = in_state(State::missing, "twin"), lost_too = in_state(State::missing, "twin");
    in_state(State::missing, "gone for good");
    const ledger::Id there = in_state(State::unclaimed, "twin");
    const ledger::Id there_too = in_state(State::unclaimed, "twin");
    in_state(State::unclaimed, "twin");
    using Pairs = std::vector<std::pair<ledger::Id, ledger::Id>>;
    EXPECT_EQ(ledger.messages.moved(), (Pairs{{lost, there}, {lost_too, there_too}}));
}

TEST_F(MessagesTest, MarksMissingOnesAloneForFetchingAgain) {
    const ledger::Id archived = insert(message("a", "a"));
    ledger::Message row = message("b", "b");
    row.state = State::missing;
    const ledger::Id missing = insert(row);
    ledger.messages.refetch_missing();
    EXPECT_FALSE(ledger.messages.find(archived)->refetch);
    EXPECT_TRUE(ledger.messages.find(missing)->refetch);
}

TEST_F(MessagesTest, AreVisitedByNumberInAnyAmountWithoutPreparedOnes) {
    std::vector<ledger::Id> inserted;
    change([&] {
        for (int i = 0; i < 1001; ++i) inserted.push_back(ledger.messages.insert(message("u", "x")));
        ledger::Message row = message("v", "y");
        row.state = State::prepared;
        ledger.messages.insert(row);
    });
    EXPECT_EQ(visited({}, 0), inserted);
    EXPECT_EQ(visited({}, inserted[600]), Ids(inserted.begin() + 600, inserted.end()));
}

TEST_F(MessagesTest, AreVisitedAsLongAsTheVisitorWants) {
    const ledger::Id first = insert(message("a", "a"));
    insert(message("b", "b"));
    Ids seen;
    ledger.messages.each({}, 0, [&](const ledger::Message& row) {
        seen.push_back(row.id);
        return false;
    });
    EXPECT_EQ(seen, Ids{first});
}

TEST_F(MessagesTest, AreVisitedByAccountsAndCountedFromTheNewest) {
    const ledger::Id bob = ledger.accounts.enter("bob", "bob", 1).id;
    const ledger::Id eve = ledger.accounts.enter("eve", "eve", 1).id;
    const auto of = [&](std::optional<ledger::Id> whose) {
        ledger::Message row = message("u", "x");
        row.account = whose;
        if (!whose) row.state = State::unclaimed;
        return insert(row);
    };
    const ledger::Id first = of(bob), second = of(eve);
    of(account.id);
    const ledger::Id last = of(bob);
    of(std::nullopt);
    EXPECT_EQ(visited({bob}, 0), (Ids{first, last}));
    EXPECT_EQ(visited({bob, eve}, 0), (Ids{first, second, last}));
    EXPECT_EQ(visited({}, 0).size(), 5U);
    EXPECT_EQ(ledger.messages.first_of_newest({bob, eve}, 2), second);
    EXPECT_EQ(ledger.messages.first_of_newest({bob}, 100), first);
    EXPECT_EQ(ledger.messages.first_of_newest({eve + 1}, 1), 0);
}
