// What a ledger that is built again has of the damaged one.

#include "archive/salvage.hpp"

#include <filesystem>

#include "archive/archive_test.hpp"
#include "archive/repair.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"

using namespace popkeep;
using test::stored_mails;

namespace {

struct SalvageTest : test::ArchiveTest {
    // Damages a page that only an index lies on, and repairs.
    void repair_damaged() {
        constexpr std::size_t size = 4096;
        archive.reset();
        std::string database = folder.read(".popkeep/ledger.db");
        database.replace(database.size() - size, size, std::string(size, '\x5a'));
        folder.write(".popkeep/ledger.db", database);
        const archive::Repaired repaired = archive::repair(folder.path(), {});
        ASSERT_NE(repaired.done.at(0).find("set aside"), std::string::npos);
        reopen();
    }
    void repair() {
        archive.reset();
        archive::repair(folder.path(), {});
        reopen();
    }
    std::string outcome() {
        std::string last;
        books().deletions.each({}, [&](const ledger::Deletion& deletion) { last = deletion.outcome; });
        return last;
    }
    std::size_t root_of_messages() {
        auto query = books().database.query("SELECT rootpage FROM sqlite_schema WHERE name = 'message'");
        EXPECT_TRUE(query.step());
        return static_cast<std::size_t>(query.integer(0));
    }
    // Damages the page on which the messages with the highest numbers lie.
    void damage_highest() {
        constexpr std::size_t size = 4096;
        std::size_t leaf = root_of_messages();
        archive.reset();
        std::string database = folder.read(".popkeep/ledger.db");
        // Inner pages of a table begin with this and name their last child behind eight bytes.
        while (database.at((leaf - 1) * size) == '\x05') {
            const std::size_t at = (leaf - 1) * size + 8;
            leaf = 0;
            for (const char byte : database.substr(at, 4))
                leaf = leaf << 8U | static_cast<unsigned char>(byte);
        }
        database.replace((leaf - 1) * size, size, std::string(size, '\x5a'));
        folder.write(".popkeep/ledger.db", database);
    }
    std::string receipts() {
        std::string uids;
        books().deletions.each({}, [&](const ledger::Deletion& deletion) { uids += *deletion.uid + ' '; });
        return uids;
    }
};

}  // namespace

TEST_F(SalvageTest, KeepsReceiptsInTheirOrder) {
    append_mails(1, 100);
    for (const char* uid : {"u2", "u3", "u1"})
        change([&](ledger::Ledger& ledger) { ledger.deletions.ask(row(uid), me, 500); });
    ASSERT_EQ(receipts(), "u1 u3 u2 ");
    repair_damaged();
    EXPECT_EQ(receipts(), "u1 u3 u2 ");
}

TEST_F(SalvageTest, KnowsWhoseLocksMayBeOurs) {
    append_mails(1, 100);
    change([](ledger::Ledger& ledger) {
        ledger.servers.enter({.pid = 4711, .beginnings = "boot\n17", .host = "here", .started_at = now()});
    });
    repair_damaged();
    std::size_t found = 0;
    for (const ledger::Run& run : books().servers.runs())
        found += run.pid == 4711 && run.beginnings == "boot\n17" && run.host == "here" ? 1U : 0U;
    EXPECT_EQ(found, 1U);
}

TEST_F(SalvageTest, AReceiptStaysWithItsMessageWhoseNumberChanges) {
    overwrite(stored_mails(7, 7));
    append_mails(1, 2);
    change([&](ledger::Ledger& ledger) {
        ledger.deletions.settle(ledger.deletions.ask(row("u1"), me, 500), "confirmed", "+OK");
    });
    const std::string old = archive::Archive::ledger_path(folder.path());
    archive.reset();
    ledger::Ledger fresh(folder / "fresh.db", ledger::Access::write);
    archive::salvage(old, fresh);
    const ledger::Id carried = fresh.accounts.named("me").at(0).id;
    EXPECT_TRUE(fresh.deletions.confirmed(fresh.messages.by_uid(carried, "u1").at(0).id));
    EXPECT_FALSE(fresh.deletions.confirmed(fresh.messages.by_uid(carried, "u2").at(0).id));
}

TEST_F(SalvageTest, SaysSoIfTheNewLedgerHasNoRoom) {
    append_mails(1, 200);
    const std::string old = archive::Archive::ledger_path(folder.path());
    archive.reset();
    ledger::Ledger fresh(folder / "fresh.db", ledger::Access::write);
    fresh.database.execute("PRAGMA max_page_count = 1");
    EXPECT_THROW(archive::salvage(old, fresh), Error);
}

TEST_F(SalvageTest, AnAccountsLastSuccessIsCarriedOver) {
    change([&](ledger::Ledger& ledger) { ledger.accounts.succeeded(account, 1'700'000'100); });
    const std::string old = archive::Archive::ledger_path(folder.path());
    archive.reset();
    ledger::Ledger fresh(folder / "fresh.db", ledger::Access::write);
    archive::salvage(old, fresh);
    EXPECT_EQ(fresh.accounts.named("me").at(0).last_success, 1'700'000'100);
}

TEST_F(SalvageTest, ReceiptsAreKeptOnBothSidesOfADamagedOne) {
    append_mails(1, 3);
    for (const char* uid : {"u1", "u2", "u3"})
        change([&](ledger::Ledger& ledger) { ledger.deletions.ask(row(uid), me, 500); });
    garble("UPDATE deletion SET content = x'5a' WHERE uid = CAST('u2' AS BLOB)");
    repair();
    EXPECT_EQ(receipts(), "u3 u1 ");
}

TEST_F(SalvageTest, AReceiptWithoutAKnownOutcomeIsKept) {
    append_mails(1, 1);
    change([&](ledger::Ledger& ledger) { ledger.deletions.ask(row("u1"), me, 500); });
    garble("UPDATE deletion SET outcome = 'perhaps'");
    repair();
    EXPECT_EQ(receipts(), "u1 ");
    EXPECT_EQ(outcome(), "unknown");
}

TEST_F(SalvageTest, ARowThatContradictsTheSchemaCostsNoOther) {
    append_mails(1, 3);
    garble("UPDATE message SET start = -10 WHERE uid = CAST('u2' AS BLOB)");
    repair();
    EXPECT_EQ(rows(), "u1 archived; - unclaimed; u3 archived");
}

TEST_F(SalvageTest, AMessageOfAnAccountThatIsNotThereCostsNoOther) {
    append_mails(1, 3);
    garble("UPDATE message SET account_id = 99 WHERE uid = CAST('u2' AS BLOB)");
    repair();
    EXPECT_EQ(rows(), "u1 archived; - unclaimed; u3 archived");
}

TEST_F(SalvageTest, AnAppendThatDidNotEndIsSettledAsIfTheLedgerWereSound) {
    append_mails(1, 1);
    intend_mails(2, 3);
    add(stored_mails(2, 3).substr(0, stored_mails(2, 2).size() + 20));
    garble("UPDATE message SET start = -10 WHERE state = 'archived'");
    repair();
    EXPECT_EQ(rows(), "- unclaimed; u2 archived");
    EXPECT_EQ(bytes(), stored_mails(1, 2));
    EXPECT_EQ(torn().size(), 1U);
}

TEST_F(SalvageTest, AnMboxWhosePathCannotBeOneIsFoundInTheFolderAgain) {
    append_mails(1, 2);
    garble("UPDATE mbox SET path = '.popkeep/ledger.db'");
    EXPECT_THROW(reconcile(), Error);
    repair();
    EXPECT_EQ(rows(), "- unclaimed; - unclaimed");
    EXPECT_EQ(books().mboxes.all().size(), 1U);
}

TEST_F(SalvageTest, TheHighestNumberMayBeUnreadableHoweverManyMessagesThereAre) {
    constexpr int messages = 10'500;
    append_mails(1, 1);
    change([&](ledger::Ledger& ledger) {
        ledger::Message other = row("u1");
        for (int number = 2; number <= messages; ++number) {
            other.uid = std::to_string(number);
            ledger.messages.insert(other);
        }
    });
    damage_highest();
    ledger::Ledger fresh(folder / "fresh.db", ledger::Access::write);
    const archive::Salvaged salvaged = archive::salvage(archive::Archive::ledger_path(folder.path()), fresh);
    EXPECT_GT(salvaged.messages, messages - 100U);
    EXPECT_LT(salvaged.messages, messages + 0U);
}

TEST_F(SalvageTest, ATableThatIsGoneCostsNoOther) {
    append_mails(1, 2);
    books().database.execute("DROP TABLE deletion");
    const std::string old = archive::Archive::ledger_path(folder.path());
    archive.reset();
    ledger::Ledger fresh(folder / "fresh.db", ledger::Access::write);
    EXPECT_EQ(archive::salvage(old, fresh).messages, 2U);
}
