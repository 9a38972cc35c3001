// What the cache shows and the disk doesn't hold: after a sync that failed, by a byte that went wrong on its
// way or was lost later.

#include "archive/archive_test.hpp"
#include "archive/claim.hpp"
#include "archive/disk.hpp"
#include "base/error.hpp"

using namespace popkeep;
using test::stored_mails;

namespace {

struct CacheTest : test::ArchiveTest {
    CacheTest() { append_mails(1, 1); }

    const std::uint64_t committed = stored_mails(1, 1).size();
};

}  // namespace

TEST_F(CacheTest, AByteThatWentWrongOnItsWayToTheDiskIsFoundBeforeItsMessageIsArchived) {
    const std::uint64_t last = stored_mails(1, 2).size() - 1;
    for (const std::uint64_t offset : {committed, last}) {
        test::disk.spoils(path(), offset, 'x');
        EXPECT_THROW(append_mails(2, 2), Error) << offset;
        reconcile();
        EXPECT_EQ(rows(), "u1 archived") << offset;
    }
}

TEST_F(CacheTest, WhatTheDiskLostOfAMessageSinceIsFoundBeforeItIsDeletedFromTheServer) {
    test::disk.holds(path(), committed - 4, 'x');
    EXPECT_FALSE(archive::provable(open(), row("u1")));
}

TEST_F(CacheTest, MessagesThatASyncFailedForAreWrittenAnewBeforeTheyAreArchived) {
    intend_mails(2, 3);
    add(stored_mails(2, 3));
    test::disk.holds(path(), committed, '\0');
    test::disk.holds(path(), stored_mails(1, 3).size() - 1, '\0');
    reconcile();
    EXPECT_EQ(rows(), "u1 archived; u2 archived; u3 archived");
    test::disk.forget(path(), 0, bytes().size());
    EXPECT_EQ(bytes(), stored_mails(1, 3));
}

TEST_F(CacheTest, OfAnotherProgramsMessagesThoseOfTheDiskAreEntered) {
    add(stored_mails(2, 3));
    test::disk.spoils(path(), stored_mails(1, 2).size(), 'x');
    reconcile();
    EXPECT_EQ(rows(), "u1 archived; - unclaimed");
}

TEST_F(CacheTest, MessagesOfAKilledRunThatGoWrongOnTheirWayToTheDiskAreNotArchived) {
    const std::uint64_t last = stored_mails(1, 2).size() - 1;
    intend_mails(2, 2);
    add(stored_mails(2, 2));
    test::disk.spoils(path(), last, 'x');
    EXPECT_THROW(reconcile(), Error);
    EXPECT_EQ(rows(), "u1 archived; u2 prepared");
}
