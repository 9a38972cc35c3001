#include "archive/account_lock.hpp"

#include "archive/archive_test.hpp"
#include "base/error.hpp"

using namespace popkeep;

namespace {
using AccountLockTest = test::ArchiveTest;
}

TEST_F(AccountLockTest, IsBusyForTheSecondRunOfAnAccount) {
    const archive::AccountLock held(open(), account, "me");
    try {
        const archive::AccountLock second(open(), account, "me");
        FAIL() << "got the lock";
    } catch (const Error& error) {
        EXPECT_EQ(error.category(), Category::temporary);
        EXPECT_EQ(error.where(), "me");
    }
}

TEST_F(AccountLockTest, DoesNotKeepOtherAccountsOut) {
    const archive::AccountLock held(open(), account, "me");
    EXPECT_NO_THROW(archive::AccountLock(open(), enter_account("you"), "you"));
}

TEST_F(AccountLockTest, IsFreeAfterARun) {
    { const archive::AccountLock held(open(), account, "me"); }
    EXPECT_NO_THROW(archive::AccountLock(open(), account, "me"));
}
