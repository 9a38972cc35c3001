// What a run left that was killed, or cut off from power, between its intent and its commit.

#include <ctime>
#include <filesystem>

#include "archive/archive_test.hpp"
#include "message/facts.hpp"

using namespace popkeep;
using test::mail;
using test::stored;
using test::stored_mails;

namespace {

struct PreparedTest : test::ArchiveTest {
    PreparedTest() { append_mails(1, 1); }
    const std::string committed = stored_mails(1, 1);

    void intend_length(std::uint64_t length) {
        change([&](ledger::Ledger& ledger) {
            ledger::Message intent = ledger.messages.prepared_in(ledger.mboxes.find(me)->id).at(0);
            intent.length = length;
            ledger.messages.update(intent);
        });
    }

    // A reader removed the first message, which is to be fetched again; the server gives it out as `content`.
    void lose_and_intend_again(const std::string& content) {
        append_mails(2, 2);
        overwrite(stored_mails(2, 2));
        reconcile();
        intend_mails(1, 1);
        change([&](ledger::Ledger& ledger) {
            const message::Facts facts = message::examine(content);
            ledger::Message intent = ledger.messages.prepared_in(ledger.mboxes.find(me)->id).at(0);
            intent.replaces = row("u1").id;
            intent.content = facts.content;
            intent.header = facts.header;
            ledger.messages.update(intent);
        });
    }
};

}  // namespace

TEST_F(PreparedTest, AnIntentWithoutBytesComesToNothing) {
    intend_mails(2, 3);
    reconcile();
    EXPECT_EQ(rows(), "u1 archived");
    EXPECT_EQ(bytes(), committed);
}

TEST_F(PreparedTest, MessagesThatStandWholeAreArchived) {
    intend_mails(2, 3);
    add(stored_mails(2, 3));
    reconcile();
    EXPECT_EQ(rows(), "u1 archived; u2 archived; u3 archived");
    EXPECT_EQ(row("u3").postmark, std::nullopt);
    EXPECT_EQ(verdict(), "3 exact");
}

TEST_F(PreparedTest, AMessageThatIsArchivedByItMakesGoodTheMissingOne) {
    lose_and_intend_again(mail(1));
    add(stored_mails(1, 1));
    reconcile();
    EXPECT_EQ(rows(), "u2 archived; u1 archived");
    EXPECT_EQ(verdict(), "2 exact");
    EXPECT_EQ(row("u1").replaces, std::nullopt) << "its number may become another's";
}

TEST_F(PreparedTest, AMessageThatMakesGoodAMissingOneIsFoundInAnEditedFile) {
    lose_and_intend_again(mail(9));
    overwrite(stored(test::mail_seen_by_a_reader(2)) + stored_mails(9, 9));
    reconcile();
    EXPECT_EQ(rows(), "u2 archived, edited; u1 archived");
}

TEST_F(PreparedTest, AMissingMessageThatComesBackStaysBesideTheOneThatWasToMakeItGood) {
    lose_and_intend_again(mail(9));
    overwrite(stored_mails(9, 9) + stored_mails(1, 2));
    reconcile();
    EXPECT_EQ(rows(), "u1 archived; u1 archived; u2 archived");
    EXPECT_EQ(verdict(), "3 exact");
}

TEST_F(PreparedTest, ATornTailIsCutAndSetAside) {
    intend_mails(2, 3);
    const std::string piece = stored(mail(3)).substr(0, 100);
    add(stored_mails(2, 2) + piece);
    reconcile();
    EXPECT_EQ(rows(), "u1 archived; u2 archived");
    EXPECT_EQ(bytes(), stored_mails(1, 2));
    ASSERT_EQ(torn().size(), 1U);
    EXPECT_EQ(folder.read(torn()[0]), piece);
    EXPECT_NE(notes(), "");
}

TEST_F(PreparedTest, APostmarkThatIsTornIsCut) {
    intend_mails(2, 2);
    add("From an");
    reconcile();
    EXPECT_EQ(bytes(), committed);
}

TEST_F(PreparedTest, AMessageWhosePostmarkNeverReachedTheDiskAsAWholeIsCut) {
    intend_mails(2, 2);
    add(stored_mails(2, 2).replace(20, 10, std::string(10, '\0')));
    reconcile();
    EXPECT_EQ(rows(), "u1 archived");
    EXPECT_EQ(bytes(), committed);
}

TEST_F(PreparedTest, BlocksThatNeverReachedTheDiskAreCut) {
    intend_mails(2, 3);
    add(std::string(stored_mails(2, 3).size(), '\0'));
    reconcile();
    EXPECT_EQ(rows(), "u1 archived");
    EXPECT_EQ(bytes(), committed);
    EXPECT_EQ(torn().size(), 1U);
}

TEST_F(PreparedTest, AWholeMessageBehindALostBlockIsFetchedAnew) {
    intend_mails(2, 3);
    add(std::string(stored(mail(2)).size(), '\0') + stored(mail(3)));
    reconcile();
    EXPECT_EQ(rows(), "u1 archived");
    EXPECT_EQ(bytes(), committed);
    ASSERT_EQ(torn().size(), 1U);
    EXPECT_TRUE(folder.read(torn()[0]).ends_with(stored(mail(3))));
}

TEST_F(PreparedTest, AMessageWithABlockMissingInsideIsCut) {
    intend_mails(2, 2);
    std::string holed = stored(mail(2));
    holed.replace(100, 20, std::string(20, '\0'));
    add(holed);
    reconcile();
    EXPECT_EQ(rows(), "u1 archived");
    EXPECT_EQ(bytes(), committed);
}

TEST_F(PreparedTest, ATornPieceWithAnotherProgramsMessageBehindItIsNotCut) {
    intend_mails(2, 2);
    const std::string piece = stored(mail(2)).substr(0, 100);
    const std::string foreign = "\n\n" + stored_mails(7, 9);
    add(piece + foreign);
    reconcile();
    EXPECT_TRUE(bytes().starts_with(committed + piece + foreign));
    EXPECT_TRUE(torn().empty());
    EXPECT_EQ(rows(), "u1 archived; - unclaimed; - unclaimed; - unclaimed; - unclaimed");
}

TEST_F(PreparedTest, AnotherProgramsMessageBehindATornPieceIsNotCutWhereOursWereToStand) {
    intend_mails(2, 9);
    const std::string there =
        stored(mail(2)).substr(0, 100) + "\n\nFrom bob Thu Jan  1 00:00:00 2026\nSubject: x\n\nText\n\n";
    add(there);
    reconcile();
    EXPECT_EQ(bytes(), committed + there);
    EXPECT_TRUE(torn().empty());
}

// Most programs that deliver don't look at how the file ends.
TEST_F(PreparedTest, AnotherProgramsMessageInTheMiddleOfATornLineIsNotCutAndStandsByItself) {
    intend_mails(2, 9);
    const std::string piece = stored(mail(2)).substr(0, 100);
    const std::string foreign = "From bob  Thu Jan  1 00:00:00 2026\nSubject: x\n\nText\n\n";
    add(piece + foreign);
    reconcile();
    EXPECT_EQ(bytes(), committed + piece.substr(0, 98) + "\n\n" + foreign);
    EXPECT_EQ(rows(), "u1 archived; - unclaimed; - unclaimed");
    EXPECT_TRUE(torn().empty());
}

TEST_F(PreparedTest, AnotherProgramsMessageBehindATornTagIsNotCutAndStandsByItself) {
    const std::string whole = stored(mail(2));
    const std::string piece = whole.substr(0, whole.find("\n\n") + 2) + "<p>One<br>";
    const std::string foreign = "From bob  Thu Jan  1 00:00:00 2026\nSubject: x\n\nText\n\n";
    intend_mails(2, 9);
    add(piece + foreign);
    reconcile();
    EXPECT_TRUE(bytes().ends_with("<p>One<b\n\n" + foreign));
    EXPECT_TRUE(torn().empty());
}

TEST_F(PreparedTest, AnotherProgramsMessageBehindATornLineEndIsNotCutAndStandsByItself) {
    intend_mails(2, 9);
    const std::string whole = stored(mail(2));
    const std::string piece = whole.substr(0, whole.find('\n') + 1);
    const std::string foreign = "From bob\nSubject: x\n\nText\n\n";
    add(piece + foreign);
    reconcile();
    EXPECT_TRUE(bytes().ends_with("\n\n" + foreign));
    EXPECT_EQ(rows(), "u1 archived; - unclaimed; - unclaimed");
    EXPECT_TRUE(torn().empty());
}

TEST_F(PreparedTest, AnotherProgramsMessageBehindATornPostmarkIsNotCutAndStandsByItself) {
    const std::string foreign = "From bob  Thu Jan  1 00:00:00 2026\nSubject: x\n\nText\n\n";
    for (const std::string piece : {"F", "From ", "From ann@ex"}) {
        overwrite(committed);
        reconcile();
        intend_mails(2, 9);
        add(piece + foreign);
        reconcile();
        EXPECT_TRUE(bytes().ends_with(piece.size() == 1 ? "\n" + foreign : "\n\n" + foreign)) << piece;
        EXPECT_TRUE(rows().ends_with("- unclaimed")) << piece;
        EXPECT_TRUE(torn().empty()) << piece;
    }
}

TEST_F(PreparedTest, AnotherProgramsMessageIsNotCutWhereverATornPieceEnds) {
    const std::string whole = stored(mail(2));
    const std::string postmark = whole.substr(0, whole.find('\n') + 1);
    const std::string foreign = "From bob  Thu Jan  1 00:00:00 2026\nSubject: x\n\nText\n\n";
    constexpr std::size_t block = std::size_t{256} * 1024;
    for (std::size_t size = block - 6; size < block + 4; ++size) {
        overwrite(committed);
        reconcile();
        intend_mails(2, 2);
        intend_length(2 * block);
        add(postmark + std::string(size - postmark.size(), 'x') + foreign);
        reconcile();
        ASSERT_TRUE(bytes().ends_with("x\n\n" + foreign)) << size;
        ASSERT_EQ(rows(), "u1 archived; - unclaimed; - unclaimed") << size;
    }
}

TEST_F(PreparedTest, ATornPieceThatTalksOfPostmarksIsCut) {
    for (const std::string text :
         {"Received: From a.example (192.0.2.1) by b.example; Thu, 1 Jan 2026 00:00:00\n\n",
          "\n>From bob Thu Jan  1 00:00:00 2026\n", "\n> From Thursday on\n"}) {
        intend_mails(2, 9);
        const std::string whole = stored(mail(2));
        add(whole.substr(0, whole.find('\n') + 1) + text);
        reconcile();
        EXPECT_EQ(bytes(), committed) << text;
    }
}

TEST_F(PreparedTest, ATornPieceMadeOfPostmarksBeginningsIsCutWithoutReadingThemAgainAndAgain) {
    intend_mails(2, 2);
    intend_length(8 << 20);
    std::string line = "It says ";
    while (line.size() < (4 << 20)) line += "From ";
    const std::string whole = stored(mail(2));
    add(whole.substr(0, whole.find('\n') + 1) + line);
    const std::clock_t begin = std::clock();
    reconcile();
    EXPECT_LT((std::clock() - begin) / CLOCKS_PER_SEC, 10) << "it would take minutes";
    EXPECT_EQ(bytes(), committed);
}

TEST_F(PreparedTest, ATornPieceWithMoreBehindItThanWeMeantToWriteIsNotCut) {
    intend_mails(2, 2);
    const std::string whole = stored(mail(2));
    const std::string there = whole.substr(0, 100) + std::string(whole.size(), 'x') + "\n\n";
    add(there);
    reconcile();
    EXPECT_EQ(bytes(), committed + there);
    EXPECT_TRUE(torn().empty());
}

TEST_F(PreparedTest, AnotherProgramsBytesInPlaceOfOursAreNotCut) {
    intend_mails(2, 3);
    add("From bob Thu Jan  1 00:00:00 2026\nSubject: x\n\nText\n\n");
    reconcile();
    EXPECT_EQ(rows(), "u1 archived; - unclaimed");
    EXPECT_TRUE(torn().empty());
}

TEST_F(PreparedTest, WholeMessagesAreArchivedWithAnotherProgramsBehindThem) {
    intend_mails(2, 2);
    add(stored_mails(2, 2) + stored_mails(7, 7));
    reconcile();
    EXPECT_EQ(rows(), "u1 archived; u2 archived; - unclaimed");
}

TEST_F(PreparedTest, TheLineBreaksInFrontArePartOfTheAppend) {
    intend_mails(2, 2, 1);
    add("\n" + stored_mails(2, 2));
    reconcile();
    EXPECT_EQ(rows(), "u1 archived; u2 archived");
    EXPECT_EQ(verdict(), "2 exact");
}

TEST_F(PreparedTest, LineBreaksWithoutTheMessageBehindThemAreCut) {
    intend_mails(2, 2, 1);
    add("\n");
    reconcile();
    EXPECT_EQ(bytes(), committed);
}

TEST_F(PreparedTest, AMessageBehindLineBreaksThatNeverReachedTheDiskIsCut) {
    intend_mails(2, 2, 1);
    add(std::string(1, '\0') + stored_mails(2, 2));
    reconcile();
    EXPECT_EQ(rows(), "u1 archived");
    EXPECT_EQ(bytes(), committed);
}

TEST_F(PreparedTest, TheFileIsEditedMeanwhileAndTheMessageIsFoundAllTheSame) {
    intend_mails(2, 2);
    overwrite(stored(test::mail_seen_by_a_reader(1)) + stored_mails(2, 2));
    reconcile();
    EXPECT_EQ(rows(), "u1 archived, edited; u2 archived");
}

TEST_F(PreparedTest, AnIntentInsideWhatStandsComesToNothing) {
    intend_mails(2, 2);
    garble("UPDATE message SET start = 10 WHERE state = 'prepared'");
    reconcile();
    EXPECT_EQ(rows(), "u1 archived");
    EXPECT_EQ(bytes(), committed);
}

TEST_F(PreparedTest, AnIntentFarBehindTheEndOfTheFileComesToNothing) {
    intend_mails(2, 2);
    garble("UPDATE message SET start = 1 << 40 WHERE state = 'prepared'");
    reconcile();
    EXPECT_EQ(rows(), "u1 archived");
    EXPECT_EQ(bytes(), committed);
}

TEST_F(PreparedTest, AnIntentWithoutAPostmarkIsStillMetByItsBytes) {
    intend_mails(2, 2);
    add(stored_mails(2, 2));
    garble("UPDATE message SET postmark = NULL WHERE state = 'prepared'");
    reconcile();
    EXPECT_EQ(rows(), "u1 archived; u2 archived");
    EXPECT_EQ(verdict(), "2 exact");
}

TEST_F(PreparedTest, AnIntentOfNoPossibleLengthIsStillMetByItsBytes) {
    intend_mails(2, 3);
    add(stored_mails(2, 3));
    garble("UPDATE message SET length = -1 WHERE uid = CAST('u2' AS BLOB)");
    reconcile();
    EXPECT_EQ(rows(), "u1 archived; u2 archived; u3 archived");
}

TEST_F(PreparedTest, TheFileIsGoneAndTheIntentWithIt) {
    intend_mails(2, 2);
    std::filesystem::remove(path());
    reconcile();
    EXPECT_EQ(rows(), "u1 missing");
}

TEST_F(PreparedTest, TheNextAppendSettlesWhatStands) {
    intend_mails(2, 3);
    add(stored_mails(2, 2) + "From ann@");
    append_mails(4, 4);
    EXPECT_EQ(bytes(), stored_mails(1, 2) + stored_mails(4, 4));
    EXPECT_EQ(rows(), "u1 archived; u2 archived; u4 archived");
}

TEST_F(PreparedTest, TheFirstFileOfAnArchiveThatNeverReachedTheDiskIsBegunAnew) {
    std::filesystem::remove(path());
    reconcile();
    intend_mails(2, 2);
    append_mails(3, 3);
    reconcile();
    EXPECT_EQ(rows(), "u1 missing; u3 archived");
}

TEST_F(PreparedTest, PiecesTornAtOnePlaceInOneSecondAreAllKept) {
    for (const char* piece : {"From ann@", "From ann@example.org"}) {
        intend_mails(2, 2);
        add(piece);
        reconcile();
    }
    EXPECT_EQ(torn().size(), 2U);
}
