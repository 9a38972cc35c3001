#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/error.hpp"
#include "file/durable.hpp"
#include "file/temporary_folder.hpp"

using namespace popkeep;

namespace {

struct OpenRegular : testing::Test {
    test::TemporaryFolder folder;

    Category category_of_opening(const std::string& path, int flags) {
        try {
            file::open_regular(path, flags);
        } catch (const Error& error) {
            EXPECT_EQ(error.where(), path);
            return error.category();
        }
        ADD_FAILURE() << "opened " << path;
        return Category::software;
    }
};

}  // namespace

TEST_F(OpenRegular, CreatesFilesForTheOwnerAlone) {
    const file::Fd fd = file::open_regular(folder / "new", O_RDWR | O_CREAT);
    EXPECT_EQ(file::stat_of(fd, "new").st_mode & 0777U, 0600U);
    EXPECT_EQ(fcntl(fd.get(), F_GETFD), FD_CLOEXEC);
    EXPECT_EQ(fcntl(fd.get(), F_GETFL) & O_NONBLOCK, 0);
}

TEST_F(OpenRegular, FollowsNoSymbolicLink) {
    folder.write("real", "x");
    ASSERT_EQ(symlink("real", (folder / "link").c_str()), 0);
    EXPECT_EQ(category_of_opening(folder / "link", O_RDONLY), Category::data);
}

TEST_F(OpenRegular, RefusesAFifoAtOnceInsteadOfHanging) {
    ASSERT_EQ(mkfifo((folder / "fifo").c_str(), 0600), 0);
    EXPECT_EQ(category_of_opening(folder / "fifo", O_RDONLY), Category::data);
    EXPECT_EQ(category_of_opening(folder / "fifo", O_WRONLY), Category::data);
    EXPECT_EQ(category_of_opening(folder / "fifo", O_RDWR), Category::data);
}

TEST_F(OpenRegular, RefusesAFolder) {
    EXPECT_EQ(category_of_opening(folder.path(), O_RDONLY), Category::data);
}

TEST_F(OpenRegular, WritesNoFileWithASecondName) {
    folder.write("one", "x");
    ASSERT_EQ(link((folder / "one").c_str(), (folder / "two").c_str()), 0);
    EXPECT_EQ(category_of_opening(folder / "one", O_RDWR), Category::data);
    EXPECT_TRUE(file::open_regular(folder / "one", O_RDONLY));
}

TEST_F(OpenRegular, TellsAMissingFileFromATroubledOne) {
    EXPECT_FALSE(file::open_if_there(folder / "none", O_RDONLY));
    folder.write("plain", "x");
    EXPECT_TRUE(file::open_if_there(folder / "plain", O_RDONLY));
    EXPECT_THROW(file::open_if_there(folder / "plain/below", O_RDONLY), SystemError);
    try {
        file::open_regular(folder / "none", O_RDONLY);
        FAIL();
    } catch (const SystemError& error) {
        EXPECT_EQ(error.number(), ENOENT);
    }
}
