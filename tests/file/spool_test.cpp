#include "file/spool.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "file/temporary_folder.hpp"

using namespace popkeep;

TEST(Spool, KeepsWhatIsAppendedUnderNoName) {
    const test::TemporaryFolder folder;
    file::Spool spool(folder.path());
    spool.append("one ");
    spool.append("");
    spool.append("two");
    EXPECT_EQ(spool.size(), 7U);
    std::string content;
    spool.read([&](std::string_view piece) { content += piece; });
    EXPECT_EQ(content, "one two");
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Spool, NeedsItsFolder) {
    const test::TemporaryFolder folder;
    EXPECT_THROW(file::Spool(folder / "none"), SystemError);
}
