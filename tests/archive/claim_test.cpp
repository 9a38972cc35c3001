#include "archive/claim.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <filesystem>

#include "archive/archive_test.hpp"
#include "archive/disk.hpp"
#include "archive/intact.hpp"
#include "base/error.hpp"
#include "message/facts.hpp"

using namespace popkeep;
using ledger::Proof;
using test::mail;
using test::mail_seen_by_a_reader;
using test::stored;
using test::stored_mails;

namespace {

struct ClaimTest : test::ArchiveTest {
    // The row of a message that another program delivered.
    ledger::Id unclaimed(int number) {
        add(stored_mails(number, number));
        change([](ledger::Ledger& ledger) { ledger.mboxes.enter(me); });
        reconcile();
        return books().messages.by_header(account, header_of(number)).at(0).id;
    }
    static Digest header_of(int number) { return message::examine(mail(number)).header; }

    static archive::Claim by_content(ledger::Id row, std::string_view content, std::uint64_t bare_lf = 0) {
        const message::Facts facts = message::examine(content);
        return {.row = row,
                .header = facts.header,
                .uid = "u",
                .list_size = {},
                .wire = archive::Wire{.content = facts.content,
                                      .stripped = facts.stripped,
                                      .size = facts.size,
                                      .lines = facts.lines,
                                      .bare_lf = bare_lf}};
    }

    static archive::Claim by_header(ledger::Id row, const Digest& header) {
        return {.row = row, .header = header, .uid = "u", .list_size = {}, .wire = {}};
    }

    void claim(const archive::Claim& claim) { archive::claim(open(), account, {&claim, 1}); }
};

}  // namespace

TEST_F(ClaimTest, TiesAnUnclaimedMessageToTheAccount) {
    const ledger::Id id = unclaimed(1);
    claim({.row = id, .header = header_of(1), .uid = "u", .list_size = 99, .wire = {}});
    const ledger::Message claimed = row("u");
    EXPECT_EQ(claimed.id, id);
    EXPECT_EQ(claimed.state, ledger::State::archived);
    EXPECT_EQ(claimed.list_size, 99U);
    EXPECT_EQ(claimed.proof, Proof::header);
    EXPECT_EQ(verdict(), "1 exact");
}

TEST_F(ClaimTest, KeepsAProofByContentUnderTheSameUid) {
    const ledger::Id id = append("u", mail(1));
    claim(by_header(id, header_of(1)));
    EXPECT_EQ(row("u").proof, Proof::content);
}

TEST_F(ClaimTest, TakesAHeaderUnderAnotherUidForNoProof) {
    const ledger::Id id = append("old", mail(1));
    claim(by_header(id, header_of(1)));
    EXPECT_EQ(row("u").proof, Proof::header);
    EXPECT_TRUE(books().messages.by_uid(account, "old").empty());
}

TEST_F(ClaimTest, TakesAHeaderWithoutAUidForNoProof) {
    archive::Claim found = by_header(append("u", mail(1)), header_of(1));
    ledger::Message without_uid = row("u");
    without_uid.uid.reset();
    books().messages.update(without_uid);
    found.uid.reset();
    claim(found);
    EXPECT_EQ(books().messages.find(found.row)->proof, Proof::header);
}

TEST_F(ClaimTest, TakesBackThatAMessageWasDeletedWhichTheServerStillLists) {
    const ledger::Id id = append("u", mail(1));
    books().deletions.settle(books().deletions.ask(row("u"), me, 500), "confirmed", "+OK");
    claim(by_header(id, header_of(1)));
    EXPECT_FALSE(books().deletions.confirmed(id));
}

TEST_F(ClaimTest, LeavesWhatAnotherAccountClaimedMeanwhile) {
    const archive::Claim found = by_header(unclaimed(1), header_of(1));
    archive::claim(open(), enter_account("another"), {&found, 1});
    EXPECT_THROW(claim(found), Error);
    EXPECT_TRUE(books().messages.by_uid(account, "u").empty());
}

TEST_F(ClaimTest, LeavesWhatAReaderRemovedMeanwhile) {
    append_mails(1, 2);
    const ledger::Id id = row("u1").id;
    overwrite(stored_mails(2, 2));
    reconcile();
    EXPECT_THROW(claim(by_header(id, header_of(1))), Error);
    EXPECT_EQ(rows(), "u1 missing; u2 archived");
}

TEST_F(ClaimTest, LeavesAnotherMessageThatGotTheNumberOfOneThatIsGone) {
    const ledger::Id id = unclaimed(1);
    for (const std::string& content : {std::string(), stored_mails(2, 2)}) {
        overwrite(content);
        reconcile();
    }
    ASSERT_EQ(books().messages.by_header(account, header_of(2)).at(0).id, id);
    EXPECT_THROW(claim(by_header(id, header_of(1))), Error);
}

TEST_F(ClaimTest, NotesBareLineEndsOnlyWhenTheyAreKnown) {
    const ledger::Id id = unclaimed(1);
    claim(by_content(id, mail(1), 3));
    EXPECT_EQ(row("u").bare_lf, 3U);
    claim(by_header(id, header_of(1)));
    EXPECT_EQ(row("u").bare_lf, 3U);
}

TEST_F(ClaimTest, WhatTheServerSentIsTheContentOfWhatAReaderHadMarked) {
    add(stored(mail_seen_by_a_reader(1)));
    change([](ledger::Ledger& ledger) { ledger.mboxes.enter(me); });
    reconcile();
    claim(by_content(books().messages.by_header(account, header_of(1)).at(0).id, mail(1)));
    EXPECT_EQ(row("u").content, sha256(mail(1)));
    EXPECT_EQ(row("u").size, mail(1).size());
    EXPECT_EQ(row("u").lines, message::examine(mail(1)).lines);
    EXPECT_EQ(rows(), "u archived, edited");
    EXPECT_TRUE(archive::provable(open(), row("u")));
}

TEST_F(ClaimTest, WhatAServerMarksLaterChangesNoContentThatIsKnown) {
    const ledger::Id id = append("u", mail(1));
    claim(by_content(id, mail_seen_by_a_reader(1)));
    EXPECT_EQ(row("u").content, sha256(mail(1)));
    EXPECT_EQ(rows(), "u archived");
}

TEST_F(ClaimTest, TakesAProofByContentBack) {
    const ledger::Id id = append("u", mail(1));
    archive::distrust(open(), {&id, 1});
    EXPECT_EQ(row("u").proof, Proof::header);
}

TEST_F(ClaimTest, ProvesWhatStands) {
    append_mails(1, 2);
    EXPECT_TRUE(archive::provable(open(), row("u1")));
    EXPECT_TRUE(archive::provable(open(), row("u2")));
}

TEST_F(ClaimTest, ProvesWhatAReaderMarked) {
    append_mails(1, 1);
    overwrite(stored(mail_seen_by_a_reader(1)));
    reconcile();
    EXPECT_TRUE(archive::provable(open(), row("u1")));
}

TEST_F(ClaimTest, ProvesNoOtherBytes) {
    append_mails(1, 1);
    std::string changed = bytes();
    changed[changed.size() - 4] = '?';
    overwrite(changed);
    EXPECT_FALSE(archive::provable(open(), row("u1")));
}

TEST_F(ClaimTest, ProvesNothingOfAFileThatIsGone) {
    append_mails(1, 1);
    std::filesystem::remove(path());
    EXPECT_FALSE(archive::provable(open(), row("u1")));
}

TEST_F(ClaimTest, ProvesNoMissingAndNoUnclaimedMessage) {
    append_mails(1, 1);
    ledger::Message message = row("u1");
    message.state = ledger::State::missing;
    EXPECT_FALSE(archive::provable(open(), message));
    message.state = ledger::State::unclaimed;
    EXPECT_FALSE(archive::provable(open(), message));
}

TEST_F(ClaimTest, ProvesTheLastMessageOfAnotherProgramWithoutItsEmptyLine) {
    std::string unclosed = stored_mails(1, 1);
    unclosed.pop_back();
    overwrite(unclosed);
    append_mails(2, 2);
    const ledger::Id id = books().messages.by_header(account, header_of(1)).at(0).id;
    claim(by_content(id, mail(1)));
    EXPECT_TRUE(archive::provable(open(), row("u")));
}

TEST_F(ClaimTest, IntactIsAnMboxThatNobodyTouched) {
    append_mails(1, 1);
    const ledger::Id mbox = row("u1").mbox;
    EXPECT_TRUE(archive::Intact(open())(mbox));
    add("x");
    EXPECT_FALSE(archive::Intact(open())(mbox));
    std::filesystem::remove(path());
    EXPECT_FALSE(archive::Intact(open())(mbox));
    EXPECT_FALSE(archive::Intact(open())(mbox + 1));
}

TEST_F(ClaimTest, NotIntactIsAnMboxOfTheSameSizeWithAnotherDateInTheSameSecond) {
    append_mails(1, 1);
    struct stat status {};
    ASSERT_EQ(stat(path().c_str(), &status), 0);
    std::array<timespec, 2> dates{status.st_atim, status.st_mtim};
    constexpr long millisecond = 1'000'000;
    dates[1].tv_nsec += dates[1].tv_nsec < 500 * millisecond ? millisecond : -millisecond;
    ASSERT_EQ(utimensat(AT_FDCWD, path().c_str(), dates.data(), 0), 0);
    EXPECT_FALSE(archive::Intact(open())(row("u1").mbox));
}

TEST_F(ClaimTest, SyncsTheNameOfAnMboxThatIsNotIntact) {
    append_mails(1, 1);
    add("x");
    archive::Intact intact(open());
    EXPECT_TRUE(test::is_synced_by(folder.path(), [&] { intact(row("u1").mbox); }));
}
