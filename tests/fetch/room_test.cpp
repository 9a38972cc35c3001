#include "fetch/room.hpp"

#include <gtest/gtest.h>

#include "file/directory.hpp"
#include "file/temporary_folder.hpp"

using namespace popkeep;

TEST(Room, IsThereForEachMessageBesideTheOthers) {
    const test::TemporaryFolder folder;
    const std::uint64_t most = file::free_space(folder.path()) / 10 * 4;  // and as much for a while
    const std::vector<pop3::Listed> listed{{1, most, "first"}, {2, most, "second"}, {3, 1000, "small"}};
    fetch::Items items(3);
    for (std::size_t i = 0; i < items.size(); ++i) items[i].listed = &listed[i];
    EXPECT_GE(fetch::leave_out_what_lacks_room(folder.path(), items), most);
    EXPECT_EQ(items[0].fate, fetch::Fate::fresh);
    EXPECT_EQ(items[1].fate, fetch::Fate::no_room);
    EXPECT_EQ(items[2].fate, fetch::Fate::fresh);
}
