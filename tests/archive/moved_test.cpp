// Messages that stand in another mbox than before.

#include <filesystem>

#include "archive/archive_test.hpp"
#include "archive/repair.hpp"

using namespace popkeep;
using test::mail;
using test::mail_seen_by_a_reader;
using test::stored;
using test::stored_mails;

namespace {

struct MovedTest : test::ArchiveTest {
    // A second mbox that the ledger knows; its name decides whether it is looked at first or last.
    void know(std::string_view file) {
        overwrite("", file);
        change([&](ledger::Ledger& ledger) { ledger.mboxes.enter(file); });
    }
};

}  // namespace

TEST_F(MovedTest, AFileThatWasRenamedKeepsItsUidsByRepair) {
    append_mails(1, 3);
    std::filesystem::rename(path(), path("2025.mbox"));
    archive.reset();
    EXPECT_EQ(archive::repair(folder.path(), {}).missing, 0U);
    reopen();
    EXPECT_EQ(rows("2025.mbox"), "u1 archived; u2 archived; u3 archived");
    EXPECT_EQ(verdict(), "3 exact");
}

TEST_F(MovedTest, AFileThatWasRenamedWhileANewOneWasBegunKeepsItsUids) {
    append_mails(1, 2);
    std::filesystem::rename(path(), path("2025.mbox"));
    append_mails(3, 3);
    archive.reset();
    archive::repair(folder.path(), {});
    reopen();
    EXPECT_EQ(rows("2025.mbox"), "u1 archived; u2 archived");
    EXPECT_EQ(rows(), "u3 archived");
}

TEST_F(MovedTest, AMessageThatAReaderFiledElsewhereIsFoundThere) {
    for (const char* file : {"a.mbox", "z.mbox"}) {
        know(file);
        append("u", mail(1));
        overwrite("");
        overwrite(stored(mail_seen_by_a_reader(1)), file);
        reconcile();
        EXPECT_EQ(rows(file), "u archived, edited") << file;
        EXPECT_EQ(rows(), "") << file;
        overwrite("", file);
        change([&](ledger::Ledger& ledger) { ledger.messages.remove(row("u").id); });
        reconcile();
    }
}

TEST_F(MovedTest, TwinsAreFoundOneToOne) {
    know("z.mbox");
    append("a", mail(1));
    append("b", mail(1));
    overwrite("");
    overwrite(stored_mails(1, 1), "z.mbox");
    reconcile();
    EXPECT_EQ(rows("z.mbox"), "a archived");
    EXPECT_EQ(row("b").state, ledger::State::missing);
}

TEST_F(MovedTest, ACopyStaysUnclaimed) {
    know("z.mbox");
    append("a", mail(1));
    overwrite(stored_mails(1, 1), "z.mbox");
    reconcile();
    EXPECT_EQ(rows("z.mbox"), "- unclaimed");
    EXPECT_EQ(rows(), "a archived");
}

TEST_F(MovedTest, ACopyThatWasEnteredTakesThePlaceOfTheMessageWhoseFileIsGone) {
    know("z.mbox");
    append("a", mail(1));
    overwrite(stored_mails(1, 1), "z.mbox");
    reconcile();
    fs::remove(path());
    reconcile();
    EXPECT_EQ(rows("z.mbox"), "a archived");
}
