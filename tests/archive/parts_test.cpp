#include "archive/parts.hpp"

#include <gtest/gtest.h>

using namespace popkeep;

TEST(PartsTest, ADotInAFoldersNameBeginsNoSuffix) {
    EXPECT_EQ(archive::part_of("me@example.com/inbox", 2), "me@example.com/inbox.2");
}
