#include "file/spool.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>

#include "base/error.hpp"
#include "file/temporary_folder.hpp"

using namespace popkeep;

namespace {

bool without_nameless_files = false;

// A file system that has no O_TMPFILE.
struct SpoolUnderAName : testing::Test {
    SpoolUnderAName() { without_nameless_files = true; }
    ~SpoolUnderAName() override { without_nameless_files = false; }

    const test::TemporaryFolder folder;
};

}  // namespace

// The program's calls come here first.
extern "C" int open(const char* path, int flags, ...) {  // NOLINT(cert-dcl50-cpp)
    const bool nameless = (flags & O_TMPFILE) == O_TMPFILE;
    mode_t mode = 0;
    if (nameless || (flags & O_CREAT) != 0) {
        va_list more;
        va_start(more, flags);
        mode = va_arg(more, mode_t);
        va_end(more);
    }
    if (nameless && without_nameless_files) {
        errno = EOPNOTSUPP;
        return -1;
    }
    return static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}

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

TEST_F(SpoolUnderAName, KeepsWhatIsAppended) {
    file::Spool spool(folder.path());
    spool.append("one");
    std::string content;
    spool.read([&](std::string_view piece) { content += piece; });
    EXPECT_EQ(content, "one");
}

TEST_F(SpoolUnderAName, LeavesNoNameBehind) {
    const file::Spool spool(folder.path());
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}
