#include "file/folder_lock.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "file/temporary_folder.hpp"

using namespace popkeep;

TEST(FolderLock, IsOnesOwnUntilItIsGivenBack) {
    const test::TemporaryFolder folder;
    int asked = 0;
    const auto thrice = [&] { return ++asked == 3; };
    {
        const file::Fd lock = file::lock_folder(folder.path(), file::Locked::alone, thrice);
        EXPECT_TRUE(lock);
        EXPECT_EQ(asked, 0);
        EXPECT_FALSE(file::lock_folder(folder.path(), file::Locked::alone, thrice));
        EXPECT_EQ(asked, 3);
    }
    EXPECT_TRUE(file::lock_folder(folder.path(), file::Locked::alone, thrice));
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(FolderLock, OfAFolderThatIsNotThereIsAnError) {
    EXPECT_THROW(file::lock_folder("/nonexistent", file::Locked::alone, [] { return true; }), SystemError);
}

TEST(FolderLock, IsSharedByThoseThatWantNoMore) {
    const test::TemporaryFolder folder;
    const auto at_once = [] { return true; };
    const file::Fd one = file::lock_folder(folder.path(), file::Locked::shared, at_once);
    EXPECT_TRUE(file::lock_folder(folder.path(), file::Locked::shared, at_once));
    EXPECT_FALSE(file::lock_folder(folder.path(), file::Locked::alone, at_once));
}

TEST(FolderLock, EndsWithItsProcessWhateverThatLeavesRunning) {
    const test::TemporaryFolder folder;
    const file::Fd lock = file::lock_folder(folder.path(), file::Locked::shared, [] { return true; });
    EXPECT_EQ(fcntl(lock.get(), F_GETFD), FD_CLOEXEC);
}
