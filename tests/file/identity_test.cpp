#include "file/identity.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "file/durable.hpp"
#include "file/temporary_folder.hpp"

using namespace popkeep;

TEST(Identity, StaysWithTheFileAndNotWithItsName) {
    const test::TemporaryFolder folder;
    const file::Fd fd = file::open_regular(folder.write("mbox", "x"), O_RDONLY);
    const file::Identity opened(file::stat_of(fd, "mbox"));
    EXPECT_EQ(file::identity_at(folder / "mbox"), opened);

    std::filesystem::rename(folder / "mbox", folder / "moved");
    EXPECT_EQ(file::identity_at(folder / "moved"), opened);
    EXPECT_EQ(file::identity_at(folder / "mbox"), std::nullopt);

    folder.write("mbox", "x");
    EXPECT_NE(file::identity_at(folder / "mbox"), opened);

    std::filesystem::create_symlink("moved", folder / "link");
    EXPECT_NE(file::identity_at(folder / "link"), opened);
}

TEST(Identity, TellsFilesOfOneNumberOnTwoDevicesApart) {
    struct stat status {};
    status.st_ino = 2;
    const file::Identity one(status);
    status.st_dev = 1;
    EXPECT_NE(file::Identity(status), one);
}
