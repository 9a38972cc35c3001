#include "file/temporary.hpp"

#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "file/durable.hpp"
#include "file/temporary_folder.hpp"

using namespace popkeep;

namespace fs = std::filesystem;

namespace {

struct TemporaryTest : testing::Test {
    const test::TemporaryFolder folder;

    std::vector<std::string> names() const {
        std::vector<std::string> all;
        for (const auto& entry : fs::directory_iterator(folder.path()))
            all.push_back(entry.path().filename().string());
        std::ranges::sort(all);
        return all;
    }
};

using Names = std::vector<std::string>;

}  // namespace

TEST_F(TemporaryTest, TwoForOneFileAreTwoFilesOfTheOwnerAlone) {
    file::Temporary one(folder.path(), "state"), other(folder.path(), "state");
    file::write_at(one.fd(), 0, std::vector<std::string_view>{"one"}, "");
    EXPECT_EQ(names().size(), 2U);
    EXPECT_EQ(file::stat_of(other.fd(), "").st_size, 0);
    EXPECT_EQ(file::stat_of(other.fd(), "").st_mode & 0777U, 0600U);
    other.become(folder / "state");
    one.become(folder / "state");
    EXPECT_EQ(folder.read("state"), "one");
    EXPECT_EQ(names(), Names{"state"});
}

TEST_F(TemporaryTest, OneThatGetsNoNameGoes) {
    { const file::Temporary unused(folder.path(), "state"); }
    EXPECT_EQ(names(), Names{});
}

TEST_F(TemporaryTest, ANameAsLongAsFilesMayHaveDoes) {
    const std::string name(255, 'n');
    folder.write("." + name.substr(0, 200) + ".popkeep-Ab3dEf", "left");
    EXPECT_TRUE(file::remove_leftovers_of(folder / name));
    file::Temporary(folder.path(), name).become(folder / name);
    EXPECT_EQ(names(), Names{name});
}

TEST_F(TemporaryTest, WhatAKilledProcessLeftIsRemovedAndNothingElse) {
    folder.write(".state.popkeep-Ab3dEf", "left");
    const Names others{".other.popkeep-Ab3dEf", ".popkeep-Ab3dEf",         ".state",
                       ".state.popkeep-Ab3dE",  ".state.popkeep-Ab3dEfgh", "state.popkeep-Ab3dEf"};
    for (const std::string& other : others) folder.write(other, "other");
    EXPECT_TRUE(file::remove_leftovers_of(folder / "state"));
    EXPECT_EQ(names(), others);
    EXPECT_FALSE(file::remove_leftovers_of(folder / "state"));
}

TEST_F(TemporaryTest, WhatALivingProcessWritesIsNotRemoved) {
    file::Temporary living(folder.path(), "state");
    EXPECT_FALSE(file::remove_leftovers_of(folder / "state"));
    living.become(folder / "state");
    EXPECT_EQ(names(), Names{"state"});
}

TEST_F(TemporaryTest, WhatIsNoFileIsNotRemoved) {
    fs::create_directory(folder / ".state.popkeep-Folder");
    fs::create_symlink(folder.write("file", ""), folder / ".state.popkeep-Linked");
    ASSERT_EQ(mkfifo((folder / ".state.popkeep-APipe0").c_str(), 0600), 0);
    EXPECT_FALSE(file::remove_leftovers_of(folder / "state"));
    EXPECT_EQ(names().size(), 4U);
}
