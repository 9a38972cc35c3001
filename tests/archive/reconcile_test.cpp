#include "archive/reconcile.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "archive/archive_test.hpp"
#include "archive/disk.hpp"
#include "base/error.hpp"

using namespace popkeep;
using test::mail;
using test::mail_seen_by_a_reader;
using test::stored;
using test::stored_mails;

namespace fs = std::filesystem;

namespace {

struct ReconcileTest : test::ArchiveTest {
    // A mail reader rewrites a file: it makes a new one and renames it.
    void replace(std::string_view content) const {
        overwrite(content, "new");
        fs::rename(path("new"), path());
    }

    // The listing is settled until something makes the next run look at every message.
    void settle_listing() {
        change([&](ledger::Ledger& ledger) {
            ledger.accounts.remember_listing(
                account, {.digest = {}, .count = 0, .octets = 0, .taken_at = 1, .settled = true});
        });
    }
    bool listing_is_settled() { return books().accounts.last_listing(account)->settled; }
};

}  // namespace

TEST_F(ReconcileTest, LeavesAnUntouchedMboxAlone) {
    append_mails(1, 2);
    settle_listing();
    reconcile();
    EXPECT_EQ(rows(), "u1 archived; u2 archived");
    EXPECT_EQ(notes(), "");
    EXPECT_TRUE(listing_is_settled());
}

TEST_F(ReconcileTest, DoesNotReadAgainWhatOnlyHasAnotherDateAndInode) {
    append_mails(1, 2);
    settle_listing();
    fs::copy_file(path(), path("copy"));
    fs::rename(path("copy"), path());
    reconcile();
    EXPECT_TRUE(listing_is_settled());
    EXPECT_EQ(notes(), "");
    EXPECT_EQ(verdict(true), "2 exact");
}

TEST_F(ReconcileTest, EntersWhatAnotherProgramAppended) {
    append_mails(1, 1);
    settle_listing();
    add(stored_mails(2, 3));
    reconcile();
    EXPECT_EQ(rows(), "u1 archived; - unclaimed; - unclaimed");
    EXPECT_FALSE(listing_is_settled());
    EXPECT_EQ(verdict(), "1 exact, 2 unclaimed");
}

TEST_F(ReconcileTest, DoesNotWriteOverWhatAProgramWithoutLocksAppendsMeanwhile) {
    append_mails(1, 1);
    std::string unclosed = stored_mails(2, 2);
    unclosed.pop_back();
    add(unclosed);
    test::disk.meets_read([&] { add(stored_mails(3, 3)); });
    EXPECT_THROW(reconcile(), Error);
    EXPECT_EQ(bytes(), stored_mails(1, 1) + unclosed + stored_mails(3, 3));
}

TEST_F(ReconcileTest, EntersTheNextTimeWhatAProgramWithoutLocksAppendedMeanwhile) {
    append_mails(1, 1);
    add(stored_mails(2, 2));
    test::disk.meets_read([&] { add(stored_mails(3, 3)); });
    reconcile();
    reconcile();
    EXPECT_EQ(rows(), "u1 archived; - unclaimed; - unclaimed");
}

TEST_F(ReconcileTest, SyncsTheEmptyLineThatItAddsToALastMessage) {
    append_mails(1, 1);
    std::string unclosed = stored_mails(2, 2);
    unclosed.pop_back();
    add(unclosed);
    std::string synced;
    test::disk.before_sync = [&] {
        synced = bytes();
        return 0;
    };
    reconcile();
    test::disk.before_sync = nullptr;
    EXPECT_EQ(synced, stored_mails(1, 2));
}

TEST_F(ReconcileTest, KnowsTheSizeOnTheServerOfAnotherProgramsMessageThatAReaderMarked) {
    const std::string fetched =
        "Return-Path: <a@b>\nReceived: from a by b (mpop-1.4.18) with POP3\n\tfor <root>; Tue, 24 Nov 2026 "
        "19:24:12 +0000\nStatus: RO\nSubject: x\n\nbody\n";
    add(stored(mail_seen_by_a_reader(1)) + stored(mail(2)) + stored(fetched));
    change([](ledger::Ledger& ledger) { ledger.mboxes.enter(me); });
    reconcile();
    std::vector<std::optional<std::uint64_t>> sizes;
    books().messages.each({}, 0, [&](const ledger::Message& row) {
        sizes.push_back(row.list_size);
        return true;
    });
    const std::string sent = "Return-Path: <a@b>\r\nSubject: x\r\n\r\nbody\r\n";
    const std::uint64_t lines = 5;
    EXPECT_EQ(sizes, (std::vector<std::optional<std::uint64_t>>{mail(1).size() + lines, {}, sent.size()}));
}

TEST_F(ReconcileTest, TellsOfBytesThatAreNoMessage) {
    append_mails(1, 1);
    add("rubbish\n");
    reconcile();
    EXPECT_EQ(notes(), "me.mbox: 8 bytes that belong to no message were left alone");
    EXPECT_EQ(bytes(), stored_mails(1, 1) + "rubbish\n");
    EXPECT_EQ(verdict(), "1 exact, 8 bytes unexplained");
}

TEST_F(ReconcileTest, ATornPostmarkIsNoPartOfTheMessageInFrontOfIt) {
    append_mails(1, 1);
    for (const std::string_view torn : {"F", "From ", "From me@example.c"}) {
        overwrite(stored_mails(1, 2) + std::string(torn));
        reconcile();
        EXPECT_EQ(rows(), "u1 archived; - unclaimed") << torn;
        EXPECT_EQ(verdict(), fmt::format("1 exact, 1 unclaimed, {} bytes unexplained", torn.size()));
        overwrite(stored_mails(1, 1));
        reconcile();
    }
}

TEST_F(ReconcileTest, ZeroesAtTheEndAreNoPartOfTheMessageInFrontOfThem) {
    append_mails(1, 1);
    for (const std::size_t zeroes : {1U, 5'000U, 100'000U}) {
        overwrite(stored_mails(1, 2) + std::string(zeroes, '\0'));
        reconcile();
        EXPECT_EQ(rows(), "u1 archived; - unclaimed") << zeroes;
        EXPECT_EQ(verdict(), fmt::format("1 exact, 1 unclaimed, {} bytes unexplained", zeroes));
        overwrite(stored_mails(1, 1));
        reconcile();
    }
}

TEST_F(ReconcileTest, FetchesAgainWhatWasCutOff) {
    append_mails(1, 3);
    overwrite(stored_mails(1, 1));
    reconcile();
    EXPECT_EQ(rows(), "u1 archived; u2 to be fetched again; u3 to be fetched again");
}

TEST_F(ReconcileTest, FetchesAgainWhatWasCutOffInTheMiddleOfAMessage) {
    append_mails(1, 3);
    const std::string cut = stored_mails(1, 1) + stored(mail(2)).substr(0, 100);
    overwrite(cut);
    reconcile();
    EXPECT_EQ(row("u1").state, ledger::State::archived);
    EXPECT_TRUE(row("u2").refetch);
    EXPECT_TRUE(row("u3").refetch);
    EXPECT_TRUE(bytes().starts_with(cut)) << "nothing of what stands is thrown away";
}

TEST_F(ReconcileTest, FetchesAgainWhatWasCutOffInTheMiddleOfTheFirstMessage) {
    append_mails(1, 2);
    overwrite(stored(mail(1)).substr(0, 150));
    reconcile();
    EXPECT_TRUE(row("u1").refetch);
    EXPECT_TRUE(row("u2").refetch);
}

TEST_F(ReconcileTest, KnowsMessagesWhoseStatusAReaderNoted) {
    append_mails(1, 3);
    replace(stored(mail_seen_by_a_reader(1)) + stored(mail(2)) + stored(mail_seen_by_a_reader(3)));
    reconcile();
    EXPECT_EQ(rows(), "u1 archived, edited; u2 archived; u3 archived, edited");
    EXPECT_EQ(verdict(), "1 exact, 2 edited");
}

TEST_F(ReconcileTest, DoesNotFetchAgainWhatAReaderRemoved) {
    append_mails(1, 3);
    replace(stored(mail_seen_by_a_reader(1)) + stored(mail(3)));
    reconcile();
    EXPECT_EQ(row("u1").state, ledger::State::archived);
    EXPECT_EQ(row("u2").state, ledger::State::missing);
    EXPECT_FALSE(row("u2").refetch);
    EXPECT_EQ(row("u3").state, ledger::State::archived);
}

TEST_F(ReconcileTest, DoesNotFetchAgainWhatWasReplacedByOneOtherMessage) {
    append_mails(1, 3);
    replace(stored("Subject: internal data of a mail program\n\nDo not delete.\n"));
    reconcile();
    EXPECT_FALSE(row("u1").refetch);
    EXPECT_FALSE(row("u2").refetch);
}

TEST_F(ReconcileTest, DoesNotFetchAgainWhatAnEditorRewroteInFrontOfAnother) {
    append_mails(1, 2);
    overwrite(stored(mail(1) + "edited\n") + stored_mails(7, 7));
    reconcile();
    EXPECT_FALSE(row("u1").refetch);
    EXPECT_FALSE(row("u2").refetch);
}

TEST_F(ReconcileTest, FindsMessagesThatWereSorted) {
    append_mails(1, 3);
    replace(stored_mails(3, 3) + stored_mails(1, 2));
    reconcile();
    EXPECT_EQ(rows(), "u3 archived; u1 archived; u2 archived");
    EXPECT_EQ(verdict(), "3 exact");
}

TEST_F(ReconcileTest, KeepsTwinsTwo) {
    append("a", mail(1));
    append("b", mail(1));
    replace(stored_mails(2, 2) + stored_mails(1, 1) + stored_mails(1, 1));
    reconcile();
    EXPECT_EQ(rows(), "- unclaimed; a archived; b archived");
}

TEST_F(ReconcileTest, MissesOneOfTwoTwinsIfOneIsRemoved) {
    append("a", mail(1));
    append("b", mail(1));
    append("c", mail(2));
    replace(stored_mails(2, 2) + stored_mails(1, 1));
    reconcile();
    EXPECT_EQ(row("a").state, ledger::State::archived);
    EXPECT_EQ(row("b").state, ledger::State::missing);
}

TEST_F(ReconcileTest, ARowThatHasBytesKeepsThemFromAMissingTwin) {
    append_mails(1, 1);
    fs::remove(path());
    reconcile();
    append("new", mail(1));
    overwrite(stored(mail(1)) + stored(mail(2)));
    reconcile();
    EXPECT_EQ(row("new").state, ledger::State::archived);
    EXPECT_EQ(row("u1").state, ledger::State::missing);
    overwrite(stored(mail_seen_by_a_reader(1)));
    reconcile();
    EXPECT_EQ(row("new").state, ledger::State::archived);
    EXPECT_EQ(row("u1").state, ledger::State::missing);
}

TEST_F(ReconcileTest, TakesAnOlderCopyForWhatItIs) {
    append_mails(1, 2);
    const std::string older = bytes();
    append_mails(3, 4);
    replace(older);
    reconcile();
    EXPECT_EQ(rows(), "u1 archived; u2 archived; u3 to be fetched again; u4 to be fetched again");
    EXPECT_EQ(verdict(), "2 exact, 2 missing");
}

TEST_F(ReconcileTest, ArchivesAgainWhatCameBack) {
    append_mails(1, 3);
    const std::string whole = bytes();
    overwrite(stored_mails(1, 1));
    reconcile();
    overwrite(whole);
    reconcile();
    EXPECT_EQ(rows(), "u1 archived; u2 archived; u3 archived");
    EXPECT_EQ(verdict(), "3 exact");
}

TEST_F(ReconcileTest, MissesAllOfAFileThatIsGone) {
    append_mails(1, 2);
    fs::remove(path());
    reconcile();
    EXPECT_EQ(rows(), "u1 missing; u2 missing");
    EXPECT_FALSE(fs::exists(path()));
}

TEST_F(ReconcileTest, TellsOfAFileThatIsGoneOnlyOnce) {
    append_mails(1, 2);
    fs::remove(path());
    reconcile();
    notes();
    reconcile();
    EXPECT_EQ(notes(), "");
}

TEST_F(ReconcileTest, StartsANewFileWhereTheOldOneIsGone) {
    append_mails(1, 2);
    fs::remove(path());
    append_mails(3, 3);
    EXPECT_EQ(bytes(), stored_mails(3, 3));
    EXPECT_EQ(row("u1").state, ledger::State::missing);
    EXPECT_EQ(row("u3").state, ledger::State::archived);
}

TEST_F(ReconcileTest, ForgetsUnclaimedMessagesThatAreGone) {
    append_mails(1, 1);
    add(stored_mails(2, 2));
    reconcile();
    overwrite(stored_mails(1, 1));
    reconcile();
    EXPECT_EQ(rows(), "u1 archived");
}

TEST_F(ReconcileTest, ReadsAnMboxWithCrlfThatAnotherProgramPutThere) {
    append_mails(1, 1);
    add("From bob Thu Jan  1 00:00:00 2026\r\nSubject: x\r\n\r\nText\r\n\r\n");
    reconcile();
    EXPECT_EQ(rows(), "u1 archived; - unclaimed");
    EXPECT_EQ(verdict(), "1 exact, 1 unclaimed");
}

TEST_F(ReconcileTest, FetchesAgainWhatWasCutOffBehindAnotherProgramsMessage) {
    append_mails(1, 1);
    add(stored_mails(2, 2));
    append_mails(3, 3);
    overwrite(stored_mails(1, 2));
    reconcile();
    EXPECT_EQ(rows(), "u1 archived; - unclaimed; u3 to be fetched again");
}

TEST_F(ReconcileTest, FetchesAgainWhatWasCutOffBehindAnEmptyLineInsideAMessage) {
    append_mails(1, 1);
    append("u2", "Subject: 2\n\nOne.\n\nTwo.\n");
    append_mails(3, 3);
    overwrite(bytes().substr(0, bytes().find("Two.")));
    reconcile();
    EXPECT_TRUE(row("u2").refetch);
    EXPECT_TRUE(row("u3").refetch);
}

TEST_F(ReconcileTest, WhatIsToBeFetchedAgainStaysSoWhenAnotherProgramDelivers) {
    append_mails(1, 3);
    overwrite(stored_mails(1, 1));
    reconcile();
    add(stored_mails(7, 7));
    reconcile();
    EXPECT_TRUE(row("u2").refetch);
    EXPECT_TRUE(row("u3").refetch);
}

TEST_F(ReconcileTest, LooksIntoAnotherFileOfTheSameSizeAndDate) {
    append_mails(1, 2);
    const auto time = fs::last_write_time(path());
    replace(stored_mails(1, 1) + stored_mails(7, 7));
    fs::last_write_time(path(), time);
    reconcile();
    EXPECT_EQ(row("u2").state, ledger::State::missing);
}

TEST_F(ReconcileTest, DoesNotFetchAgainWhatStoodInAFileThatIsGoneWhenANewOneIsStarted) {
    append_mails(1, 2);
    fs::remove(path());
    append_mails(3, 3);
    EXPECT_FALSE(row("u1").refetch);
    EXPECT_FALSE(row("u2").refetch);
}

TEST_F(ReconcileTest, AFileIsReadAsAWholeWhereTheLedgerHasNoPossibleDigestOfIt) {
    append_mails(1, 2);
    garble("UPDATE mbox SET edges = x'5a', inode = 0");
    reconcile();
    EXPECT_EQ(rows(), "u1 archived; u2 archived");
    EXPECT_EQ(verdict(), "2 exact");
}

TEST_F(ReconcileTest, AFileIsReadAsAWholeWhereTheLedgerHasNoPossibleSizeOfIt) {
    append_mails(1, 2);
    garble("UPDATE mbox SET size = -1");
    EXPECT_EQ(verdict(), "2 exact");
    reconcile();
    EXPECT_EQ(books().mboxes.all().at(0).size, bytes().size());
}

TEST_F(ReconcileTest, LooksIntoALargeFileOfWhichOnlyTheBeginningChanged) {
    append_mails(1, 1);
    append("u2", mail(2) + std::string(100'000, 'x') + "\n");
    std::string changed = bytes();
    changed[changed.find("message 1")] = '?';
    overwrite(changed);
    reconcile();
    EXPECT_EQ(row("u1").state, ledger::State::missing);
}

// Mail readers set it back, so that others see whether there is new mail.
TEST_F(ReconcileTest, EntersWhatAProgramAppendedThatSetTheDateBack) {
    append_mails(1, 1);
    const auto time = fs::last_write_time(path());
    add(stored_mails(2, 2));
    fs::last_write_time(path(), time);
    reconcile();
    EXPECT_EQ(rows(), "u1 archived; - unclaimed");
}

TEST_F(ReconcileTest, KnowsMailThatCameWithAStatusWhenAReaderNotedAnother) {
    std::string noted;
    for (int number = 1; number <= 9; ++number) {
        append(fmt::format("u{}", number), mail_seen_by_a_reader(number));
        noted += stored(mail(number));
    }
    overwrite(noted);
    reconcile();
    EXPECT_EQ(verdict(), "9 edited");
}

TEST_F(ReconcileTest, SyncsTheNameOfACopyThatWasPutInAnMboxsPlace) {
    append_mails(1, 2);
    replace(bytes());
    EXPECT_TRUE(test::is_synced_by(folder.path(), [&] { reconcile(); }));
}
