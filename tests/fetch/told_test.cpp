#include "fetch/told.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <cstdlib>

#include "base/clock.hpp"
#include "fetch/fetch_test.hpp"

namespace popkeep::test {
namespace {

class Told : public FetchTest {
  protected:
    Told() { setenv("XDG_STATE_HOME", (folder / "state").c_str(), 1); }
    ~Told() override { unsetenv("XDG_STATE_HOME"); }

    bool told(const Error& error, const std::string& account = "me") const {
        return fetch::told_today(folder / "archive", account, error);
    }

    // As if all notes had been written so long ago.
    void age(std::int64_t seconds) const {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
            if (!entry.path().filename().native().starts_with("told-")) continue;
            const timespec time{.tv_sec = now() - seconds, .tv_nsec = 0};
            const std::array times{time, time};
            ASSERT_EQ(utimensat(AT_FDCWD, entry.path().c_str(), times.data(), 0), 0);
        }
    }

    std::size_t notes() const {
        std::size_t count = 0;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path()))
            count += entry.path().filename().native().starts_with("told-") ? 1U : 0U;
        return count;
    }

    const Error full = Error(Category::io, "the disk is full").at("/archive");
};

TEST_F(Told, IsWhatWasToldWithinADay) {
    EXPECT_FALSE(told(full));
    EXPECT_TRUE(told(full));
    age(23 * 3600);
    EXPECT_TRUE(told(full));
}

TEST_F(Told, IsNothingOlderThanADay) {
    told(full);
    age(24 * 3600);
    EXPECT_FALSE(told(full));
    EXPECT_TRUE(told(full));
}

TEST_F(Told, IsNothingThatAWrongClockDatedIntoTheFuture) {
    told(full);
    age(-3600);
    EXPECT_FALSE(told(full));
}

TEST_F(Told, IsNotAnotherError) {
    told(full);
    EXPECT_FALSE(told(Error(Category::io, "cannot write").at("/archive")));
    EXPECT_FALSE(told(Error(Category::io, "the disk is full").at("/elsewhere")));
    EXPECT_FALSE(told(Error(Category::protocol, "the disk is full").at("/archive")));
    EXPECT_FALSE(told(full, "another account"));
    EXPECT_TRUE(told(full)) << "errors that take turns are remembered each";
}

TEST_F(Told, IsTheSameErrorWithOtherNumbersAndOtherWordsOfTheServer) {
    told(Error(Category::io, "no room for 2 messages (80 KiB)"));
    EXPECT_TRUE(told(Error(Category::io, "no room for 1 message (2 MiB)")));
    told(Error(Category::protocol, "no sense").said("session 17"));
    EXPECT_TRUE(told(Error(Category::protocol, "no sense").said("session 18")));
}

TEST_F(Told, IsKnownWithoutAnArchive) {
    std::filesystem::remove_all(folder / "archive");
    EXPECT_FALSE(told(full));
    EXPECT_TRUE(told(full));
    EXPECT_FALSE(std::filesystem::exists(folder / "archive"));
}

TEST_F(Told, IsNothingWhereItCannotBeNoted) {
    std::filesystem::remove_all(folder / "archive");
    setenv("XDG_STATE_HOME", "/dev/null", 1);
    EXPECT_FALSE(told(full));
    EXPECT_FALSE(told(full));
}

TEST_F(Told, LeavesNoOldNotesBehind) {
    told(full);
    age(25 * 3600);
    told(Error(Category::io, "cannot write"));
    EXPECT_EQ(notes(), 1U);
}

}  // namespace
}  // namespace popkeep::test
