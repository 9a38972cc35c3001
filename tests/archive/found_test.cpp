#include <gtest/gtest.h>

#include "archive/archive.hpp"
#include "file/temporary_folder.hpp"

using namespace popkeep;
using archive::Archive;

TEST(Found, MakesAnArchiveOfANewFolderAndItsParents) {
    const test::TemporaryFolder folder;
    const std::string directory = folder / "a/b/c";
    EXPECT_EQ(Archive::found(directory), 0U);
    EXPECT_TRUE(Archive::is_one(directory));
}
