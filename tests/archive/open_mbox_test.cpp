// That the mbox which is locked is the one under its name. The program's looks at that name come here first.

#include "archive/open_mbox.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <functional>
#include <string_view>
#include <utility>

#include "archive/archive_test.hpp"
#include "base/error.hpp"
#include "file/durable.hpp"
#include "file/identity.hpp"

using namespace popkeep;

namespace {

// What it returns is errno, or 0.
std::function<int()> at_look;

struct OpenMboxTest : test::ArchiveTest {
    OpenMboxTest() { append_mails(1, 1); }
    ~OpenMboxTest() override { at_look = nullptr; }

    void replace() const {
        std::filesystem::copy_file(path(), path("new"));
        std::filesystem::rename(path("new"), path());
    }
    // Who goes on for ever gets it in the end, and must not.
    Category refusal(const std::function<int()>& look) {
        at_look = [look, looks = 0]() mutable { return ++looks < 1000 ? look() : 0; };
        try {
            archive::open_mbox(open(), me, true);
        } catch (const Error& error) {
            return error.category();
        }
        ADD_FAILURE() << "opened";
        return Category::software;
    }
};

}  // namespace

extern "C" int lstat(const char* path, struct stat* status) noexcept {
    if (at_look && std::string_view(path).ends_with(".mbox")) {
        if (const int error_number = at_look()) {
            errno = error_number;
            return -1;
        }
    }
    return static_cast<int>(syscall(SYS_newfstatat, AT_FDCWD, path, status, AT_SYMLINK_NOFOLLOW));
}

TEST_F(OpenMboxTest, OpensTheFileThatReplacedAnotherMeanwhile) {
    at_look = [this, replaced = false]() mutable {
        if (!std::exchange(replaced, true)) replace();
        return 0;
    };
    const auto mbox = archive::open_mbox(open(), me, false);
    struct stat status {};
    ASSERT_EQ(stat(path().c_str(), &status), 0);
    EXPECT_EQ(file::Identity(status), file::Identity(file::stat_of(mbox->fd, path())));
}

TEST_F(OpenMboxTest, GivesUpOnAFileThatIsReplacedAgainAndAgain) {
    const auto look = [this] {
        replace();
        return 0;
    };
    EXPECT_EQ(refusal(look), Category::temporary);
}

TEST_F(OpenMboxTest, GivesUpOnAFileWhoseNameCannotBeLookedAt) {
    EXPECT_EQ(refusal([] { return EIO; }), Category::temporary);
}

TEST_F(OpenMboxTest, MakesNoFileWhereTheArchiveIsNoMore) {
    std::filesystem::rename(folder / ".popkeep", folder / "elsewhere");
    EXPECT_THROW(archive::open_mbox(open(), "new.mbox", true), Error);
    EXPECT_FALSE(std::filesystem::exists(path("new.mbox")));
}

TEST_F(OpenMboxTest, OpensNothingInAnArchiveThatAnotherLedgerWasPutIntoMeanwhile) {
    at_look = [this, gone = false]() mutable {
        if (!std::exchange(gone, true)) std::filesystem::rename(folder / ".popkeep", folder / "elsewhere");
        return 0;
    };
    EXPECT_THROW(archive::open_mbox(open(), me, false), Error);
}
