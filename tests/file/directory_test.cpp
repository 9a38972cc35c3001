#include "file/directory.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/error.hpp"
#include "file/temporary_folder.hpp"

using namespace popkeep;

namespace {

// Blocks that only root gets: a file system has them or not.
bool all_is_reserved = false;

Category category_of_making(const std::string& root, const std::string& relative) {
    try {
        file::make_directories(root, relative);
    } catch (const Error& error) {
        return error.category();
    }
    return Category::software;
}

}  // namespace

// The program's calls come here first.
extern "C" int statvfs(const char* path, struct statvfs* status) noexcept {
    struct statfs there {};
    if (syscall(SYS_statfs, path, &there) != 0) return -1;
    *status = {};
    status->f_frsize = static_cast<unsigned long>(there.f_frsize);
    status->f_bfree = there.f_bfree;
    status->f_bavail = all_is_reserved ? 0 : there.f_bavail;
    return 0;
}

TEST(MakeDirectories, MakesTheWholePathForTheOwnerAlone) {
    const test::TemporaryFolder folder;
    file::make_directories(folder.path(), "a/b//./c");
    file::make_directories(folder.path(), "a/b/d/");
    struct stat status {};
    ASSERT_EQ(stat((folder / "a/b/c").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0700U);
    EXPECT_TRUE(std::filesystem::is_directory(folder / "a/b/d"));
}

TEST(MakeDirectories, LeavesTheModeOfAFolderThatIsThere) {
    const test::TemporaryFolder folder;
    ASSERT_EQ(mkdir((folder / "a").c_str(), 0750), 0);
    file::make_directories(folder.path(), "a/b");
    struct stat status {};
    ASSERT_EQ(stat((folder / "a").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0750U);
}

TEST(MakeDirectories, IsNotLedOutOfTheRoot) {
    const test::TemporaryFolder folder;
    const test::TemporaryFolder elsewhere;
    ASSERT_EQ(symlink(elsewhere.path().c_str(), (folder / "link").c_str()), 0);
    EXPECT_EQ(category_of_making(folder.path(), "link/a"), Category::data);
    EXPECT_EQ(category_of_making(folder.path(), "a/../../b"), Category::data);
    EXPECT_TRUE(std::filesystem::is_empty(elsewhere.path()));
}

TEST(MustStayBelow, NamesWhatLeadsOut) {
    const test::TemporaryFolder folder;
    const test::TemporaryFolder elsewhere;
    ASSERT_EQ(symlink(elsewhere.path().c_str(), (folder / "link").c_str()), 0);
    file::make_directories(folder.path(), "a");
    for (const char* bad : {"link/x", "a/../../x", "/etc/x", ".."})
        EXPECT_THROW(file::must_stay_below(folder.path(), bad), Error) << bad;
    for (const char* good : {"x", "a/x", "missing/a/x", "link", "a..b"})
        EXPECT_NO_THROW(file::must_stay_below(folder.path(), good)) << good;
}

TEST(MakeDirectories, TheRootItselfMayBeALink) {
    const test::TemporaryFolder folder;
    const test::TemporaryFolder elsewhere;
    ASSERT_EQ(symlink(elsewhere.path().c_str(), (folder / "link").c_str()), 0);
    file::make_directories(folder / "link", "a");
    EXPECT_TRUE(std::filesystem::is_directory(elsewhere / "a"));
}

TEST(MakeDirectories, AFileInTheWayIsNamed) {
    const test::TemporaryFolder folder;
    folder.write("a", "");
    EXPECT_EQ(category_of_making(folder.path(), "a/b"), Category::data);
    EXPECT_EQ(category_of_making(folder / "missing", "a"), Category::io);
}

TEST(Directory, KnowsParents) {
    EXPECT_EQ(file::parent_of("a/b"), "a");
    EXPECT_EQ(file::parent_of("/a"), "/");
    EXPECT_EQ(file::parent_of("a"), ".");
    EXPECT_EQ(file::parent_of("a/b/"), "a");
    EXPECT_EQ(file::parent_of("a//b"), "a");
    EXPECT_EQ(file::parent_of("/"), "/");
    EXPECT_EQ(file::parent_of(""), ".");
}

TEST(Directory, SyncsAndMeasures) {
    const test::TemporaryFolder folder;
    file::sync_directory(folder.path());
    EXPECT_GT(file::free_space(folder.path()), 0U);
    EXPECT_FALSE(file::on_network("/proc"));
    EXPECT_THROW(file::sync_directory(folder / "none"), SystemError);
    EXPECT_THROW(file::free_space(folder / "none"), SystemError);
    EXPECT_THROW(file::on_network(folder / "none"), SystemError);
}

TEST(Directory, CountsNoSpaceThatIsReservedForRoot) {
    const test::TemporaryFolder folder;
    all_is_reserved = true;
    const std::uint64_t free = file::free_space(folder.path());
    all_is_reserved = false;
    EXPECT_EQ(free, 0U);
}
