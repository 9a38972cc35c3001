#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"
#include "file/durable.hpp"
#include "file/temporary_folder.hpp"

using namespace popkeep;

namespace {

std::size_t entries(const test::TemporaryFolder& folder) {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder.path())) ++count;
    return count;
}

}  // namespace

TEST(Replace, MakesAFileForTheOwnerAloneAndLeavesNothingElse) {
    const test::TemporaryFolder folder;
    file::replace(folder / "state", "one");
    file::replace(folder / "state", "two");
    EXPECT_EQ(folder.read("state"), "two");
    struct stat status {};
    ASSERT_EQ(stat((folder / "state").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    EXPECT_EQ(entries(folder), 1U);
}

TEST(Replace, LeavesNothingBehindWhenItFails) {
    const test::TemporaryFolder folder;
    std::filesystem::create_directories(folder / "taken/inside");
    EXPECT_THROW(file::replace(folder / "taken", "content"), SystemError);
    EXPECT_EQ(entries(folder), 1U);
    EXPECT_THROW(file::replace(folder / "missing/state", "content"), SystemError);
}

TEST(Replace, RemovesWhatAKilledOneLeft) {
    const test::TemporaryFolder folder;
    folder.write(".state.popkeep-Ab3dEf", "secret");
    file::replace(folder / "state", "one");
    EXPECT_EQ(entries(folder), 1U);
}

TEST(Rewrite, KeepsTheMode) {
    const test::TemporaryFolder folder;
    EXPECT_THROW(file::rewrite(folder / "state", "one"), SystemError);
    folder.write("state", "one");
    for (const mode_t mode : {0640U, 0400U, 0644U}) {
        ASSERT_EQ(chmod((folder / "state").c_str(), mode), 0);
        file::rewrite(folder / "state", "two");
        struct stat status {};
        ASSERT_EQ(stat((folder / "state").c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 07777U, mode);
        EXPECT_EQ(folder.read("state"), "two");
    }
}

TEST(Rewrite, KeepsTheOwner) {
    if (geteuid() != 0) GTEST_SKIP() << "only root may give a file away";
    constexpr uid_t nobody = 65534;
    const test::TemporaryFolder folder;
    folder.write("state", "one");
    ASSERT_EQ(chown((folder / "state").c_str(), nobody, nobody), 0);
    file::rewrite(folder / "state", "two");
    struct stat status {};
    ASSERT_EQ(stat((folder / "state").c_str(), &status), 0);
    EXPECT_EQ(status.st_uid, nobody);
    EXPECT_EQ(status.st_gid, nobody);
}

TEST(ReadWhole, GivesBackWhatIsThereUpToTheLimit) {
    const test::TemporaryFolder folder;
    const std::string content(100000, 'x');
    folder.write("file", content);
    EXPECT_EQ(file::read_whole(folder / "file", content.size()), content);
    try {
        file::read_whole(folder / "file", content.size() - 1);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.category(), Category::data);
    }
}

TEST(ReadWhole, ReadsAnEmptyFile) {
    const test::TemporaryFolder folder;
    folder.write("file", "");
    EXPECT_EQ(file::read_whole(folder / "file", 10), "");
}
