// What no read shows: which calls make a change last, and in which order. The program's calls come here
// first.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <filesystem>
#include <vector>

#include "file/directory.hpp"
#include "file/durable.hpp"
#include "file/temporary_folder.hpp"

using namespace popkeep;

namespace {

using Calls = std::vector<std::string>;

Calls calls;
std::uint64_t forgotten_from = 0, forgotten_to = 0;

int noted(const char* call, int fd, long number) {
    calls.push_back(std::string(call) + " " +
                    std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd)).filename().string());
    return static_cast<int>(syscall(number, fd));
}

struct Promises : testing::Test {
    Promises() { calls.clear(); }

    const test::TemporaryFolder folder;
    const std::string name = std::filesystem::path(folder.path()).filename();
};

}  // namespace

extern "C" int fsync(int fd) {
    return noted("fsync", fd, SYS_fsync);
}

extern "C" int fdatasync(int fd) {
    return noted("fdatasync", fd, SYS_fdatasync);
}

extern "C" int rename(const char* from, const char* to) noexcept {
    calls.push_back("rename to " + std::filesystem::path(to).filename().string());
    return static_cast<int>(syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}

extern "C" int posix_fadvise(int fd, off_t offset, off_t length, int advice) noexcept {
    forgotten_from = static_cast<std::uint64_t>(offset);
    forgotten_to = static_cast<std::uint64_t>(offset + length);
    return syscall(SYS_fadvise64, fd, offset, length, advice) == 0 ? 0 : errno;
}

TEST_F(Promises, AReplacedFilesContentLastsBeforeItsNameAndThenItsName) {
    file::replace(folder / "state", "content");
    ASSERT_EQ(calls.size(), 3U);
    EXPECT_TRUE(calls[0].starts_with("fdatasync .state.popkeep-")) << calls[0];
    EXPECT_EQ(calls[1], "rename to state");
    EXPECT_EQ(calls[2], "fsync " + name);
}

TEST_F(Promises, OfEachFolderOnTheWayTheNameLasts) {
    file::make_directories(folder.path(), "a/b");
    EXPECT_EQ(calls, (Calls{"fsync " + name, "fsync a"}));
}

TEST_F(Promises, TheNameOfAFolderThatIsThereLastsAsWell) {
    std::filesystem::create_directory(folder / "a");  // by a run that was killed
    file::make_directories(folder.path(), "a");
    EXPECT_EQ(calls, (Calls{"fsync " + name}));
}

TEST_F(Promises, EveryPageThatARangeTouchesIsForgotten) {
    folder.write("file", std::string(20'000, 'x'));
    const file::Fd fd = file::open_regular(folder / "file", O_RDONLY);
    const auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
    file::forget_cached(fd, page + 10, page);
    EXPECT_EQ(forgotten_from, page);
    EXPECT_EQ(forgotten_to, 3 * page);
}
