#include "mbox/lock.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <thread>

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "mbox/mbox_file.hpp"

using namespace popkeep;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

bool without_links = false, without_removal = false;

bool nobody(pid_t) {
    return false;
}

// A process id that no process has, since it is collected by its parent alone.
pid_t dead_process() {
    const pid_t child = fork();
    if (child == 0) _exit(0);
    waitpid(child, nullptr, 0);
    return child;
}

struct LockTest : testing::Test {
    test::MboxFile box{""};
    std::string dotlock = box.path() + ".lock";
    file::Fd other = file::open_regular(box.path(), O_RDWR);

    ~LockTest() override { without_links = without_removal = false; }

    mbox::Lock lock(seconds patience = seconds(0), const mbox::Lock::IsOurDead& is_our_dead = nobody) {
        return mbox::Lock::exclusive(box.fd(), box.path(), patience, is_our_dead);
    }

    // What the lock says when it isn't to be had.
    Error refusal(const mbox::Lock::IsOurDead& is_our_dead = nobody, seconds patience = seconds(0)) {
        try {
            const auto taken = lock(patience, is_our_dead);
        } catch (const Error& error) {
            return error;
        }
        ADD_FAILURE() << "got the lock";
        return {Category::software, ""};
    }

    void leave_dotlock(std::string_view content, seconds age = seconds(0)) const {
        std::ofstream(dotlock) << content;
        const std::filesystem::file_time_type time = std::filesystem::file_time_type::clock::now() - age;
        std::filesystem::last_write_time(dotlock, time);
    }

    bool others_can_lock(short type) const {
        struct flock wanted {};
        wanted.l_type = type;
        return fcntl(other.get(), F_OFD_SETLK, &wanted) == 0;
    }
};

bool says(const Error& error, std::string_view text) {
    return std::string_view(error.what()).find(text) != std::string_view::npos;
}

}  // namespace

// liblockfile's calls come here first.
extern "C" int link(const char* from, const char* to) noexcept {
    if (without_links) {
        errno = EPERM;
        return -1;
    }
    return static_cast<int>(syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0));
}

extern "C" int unlink(const char* path) noexcept {
    if (without_removal) {
        errno = EROFS;
        return -1;
    }
    return static_cast<int>(syscall(SYS_unlinkat, AT_FDCWD, path, 0));
}

TEST_F(LockTest, HoldsBothLocksAndReleasesBoth) {
    {
        const auto held = lock();
        EXPECT_FALSE(others_can_lock(F_RDLCK));
        std::ifstream file(dotlock);
        pid_t pid = 0;
        file >> pid;
        EXPECT_EQ(pid, getpid());
    }
    EXPECT_TRUE(others_can_lock(F_WRLCK));
    EXPECT_FALSE(std::filesystem::exists(dotlock));
}

TEST_F(LockTest, MovesWithItsOwner) {
    auto first = lock();
    {
        const mbox::Lock second(std::move(first));
        EXPECT_TRUE(std::filesystem::exists(dotlock));
    }
    EXPECT_FALSE(std::filesystem::exists(dotlock));
    EXPECT_TRUE(others_can_lock(F_WRLCK));
}

TEST_F(LockTest, LeavesNoOtherFileBehind) {
    { const auto held = lock(); }
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry :
         std::filesystem::directory_iterator(std::filesystem::path(box.path()).parent_path())) {
        ++count;
    }
    EXPECT_EQ(count, 1U);
}

TEST_F(LockTest, AFileLockOfAnotherProgramIsRespected) {
    ASSERT_TRUE(others_can_lock(F_WRLCK));
    const Error error = refusal();
    EXPECT_EQ(error.category(), Category::temporary);
    EXPECT_EQ(error.where(), box.path());
    EXPECT_FALSE(std::filesystem::exists(dotlock));
}

TEST_F(LockTest, APosixLockIsRespectedAndItsHolderNamed) {
    std::array<int, 2> ready{};
    ASSERT_EQ(pipe(ready.data()), 0);
    const pid_t child = fork();
    if (child == 0) {
        struct flock wanted {};
        wanted.l_type = F_WRLCK;
        const bool locked = fcntl(other.get(), F_SETLK, &wanted) == 0;
        if (write(ready[1], locked ? "y" : "n", 1) == 1) pause();
        _exit(0);
    }
    char answer = 'n';
    ASSERT_EQ(read(ready[0], &answer, 1), 1);
    ASSERT_EQ(answer, 'y');
    EXPECT_TRUE(says(refusal(), "process " + std::to_string(child)));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    close(ready[0]);
    close(ready[1]);
    { const auto held = lock(); }
}

TEST_F(LockTest, ADotlockOfALivingProcessIsRespectedHoweverOld) {
    leave_dotlock(std::to_string(getppid()) + "\n", seconds(3600));
    const Error error = refusal();
    EXPECT_EQ(error.category(), Category::temporary);
    EXPECT_TRUE(says(error, "process " + std::to_string(getppid()) + " ("));
    EXPECT_TRUE(says(error, "since 20"));
    EXPECT_TRUE(says(error, "delete " + dotlock));
    EXPECT_TRUE(std::filesystem::exists(dotlock));
}

TEST_F(LockTest, ADeadNumberAloneProvesNothing) {
    leave_dotlock(std::to_string(dead_process()) + "\n");
    EXPECT_TRUE(says(refusal(), "doesn't run on this host"));
}

TEST_F(LockTest, ADotlockOfOurDeadRunIsTakenOverAtOnce) {
    const pid_t dead = dead_process();
    leave_dotlock(std::to_string(dead) + "\n");
    {
        const auto held = lock(seconds(0), [dead](pid_t pid) { return pid == dead; });
    }
    EXPECT_FALSE(std::filesystem::exists(dotlock));
}

TEST_F(LockTest, OurNumberOnAnotherHostIsNotOurDeadRun) {
    const pid_t dead = dead_process();
    leave_dotlock(std::to_string(dead) + ":elsewhere.example.org");
    EXPECT_TRUE(says(refusal([](pid_t) { return true; }), "on elsewhere.example.org"));
}

TEST_F(LockTest, ADotlockThatNobodyTouchedForFiveMinutesIsStale) {
    const std::string dead = std::to_string(dead_process());
    for (const std::string& content : {std::string(), std::string("0"), dead + "\n", dead + ":elsewhere"}) {
        leave_dotlock(content, seconds(290));
        EXPECT_EQ(refusal().category(), Category::temporary) << content;
        leave_dotlock(content, seconds(310));
        { const auto held = lock(); }
        EXPECT_FALSE(std::filesystem::exists(dotlock)) << content;
    }
}

TEST_F(LockTest, ANumberThatAPowerCutLeftHalfOfNamesNobody) {
    const std::string living = std::to_string(getppid());
    for (const std::string& content : {std::string(2, '\0') + living + "\n", living}) {
        leave_dotlock(content, seconds(310));
        { const auto held = lock(); }
        EXPECT_FALSE(std::filesystem::exists(dotlock));
    }
}

TEST_F(LockTest, StrangeDotlocksAreRespected) {
    for (const std::string& content : {std::string(5000, '1'), std::string("-1\n"), std::string("12abc"),
                                       std::string(300, '\0'), std::string("99999999999999999999")}) {
        leave_dotlock(content);
        EXPECT_TRUE(says(refusal([](pid_t) { return true; }), "gives no number"));
    }
    std::filesystem::remove(dotlock);
    std::filesystem::create_directory(dotlock);
    EXPECT_EQ(refusal().category(), Category::temporary);
}

TEST_F(LockTest, GetsTheLockWhenTheOtherIsDone) {
    leave_dotlock(std::to_string(getppid()));
    std::thread remover([this] {
        std::this_thread::sleep_for(milliseconds(120));
        std::filesystem::remove(dotlock);
    });
    { const auto held = lock(seconds(10)); }
    remover.join();
    EXPECT_FALSE(std::filesystem::exists(dotlock));
}

TEST_F(LockTest, LeavesTheFileToOthersWhileItWaitsForTheDotlock) {
    leave_dotlock(std::to_string(getppid()));
    std::thread waiting([this] { EXPECT_EQ(refusal(nobody, seconds(2)).category(), Category::temporary); });
    std::this_thread::sleep_for(milliseconds(300));
    // The other thread looks in now and then.
    bool free = false;
    for (int i = 0; i < 50 && !free; ++i) {
        free = others_can_lock(F_WRLCK);
        std::this_thread::sleep_for(milliseconds(10));
    }
    EXPECT_TRUE(free);
    waiting.join();
}

TEST_F(LockTest, DoesNotRemoveADotlockThatTookThePlaceOfTheStaleOne) {
    const pid_t dead = dead_process();
    leave_dotlock(std::to_string(dead) + "\n");
    refusal([&](pid_t pid) {
        std::filesystem::remove(dotlock);
        leave_dotlock(std::to_string(getppid()) + "\n");
        return pid == dead;
    });
    EXPECT_TRUE(std::filesystem::exists(dotlock));
}

TEST_F(LockTest, WaitsNoLongerThanItsPatience) {
    leave_dotlock("");
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_THROW(lock(seconds(1)), Error);
    const auto waited = std::chrono::steady_clock::now() - begin;
    EXPECT_GE(waited, milliseconds(990));
    EXPECT_LT(waited, seconds(5));
}

TEST_F(LockTest, DoesNotRemoveADotlockThatAnotherProgramHasTakenOver) {
    {
        const auto held = lock();
        leave_dotlock("elsewhere", seconds(0));
        std::filesystem::rename(dotlock, dotlock + ".kept");
        leave_dotlock("another");
    }
    EXPECT_TRUE(std::filesystem::exists(dotlock));
}

TEST_F(LockTest, AStopRequestEndsTheWaitingButLeavesAFreeLockToBeTaken) {
    EXPECT_EXIT(
        {
            interrupt::install();
            raise(SIGINT);
            { const auto held = lock(); }
            leave_dotlock("");
            try {
                const auto held = lock(seconds(60));
            } catch (const Error& error) {
                _exit(error.exit_code());
            }
            _exit(0);
        },
        testing::ExitedWithCode(130), "");
}

TEST_F(LockTest, AFolderThatForbidsALockFileIsNamed) {
    if (geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
    const std::string folder = std::filesystem::path(box.path()).parent_path();
    ASSERT_EQ(chmod(folder.c_str(), 0500), 0);
    try {
        const auto held = lock(seconds(60));
        ADD_FAILURE();
    } catch (const SystemError& error) {
        EXPECT_EQ(error.number(), EACCES);
        EXPECT_EQ(error.where(), dotlock);
    }
    chmod(folder.c_str(), 0700);
    EXPECT_TRUE(others_can_lock(F_WRLCK));
}

TEST_F(LockTest, ANameThatLeavesNoRoomForTheLockFileIsToldAtOnce) {
    const std::string path = std::filesystem::path(box.path()).parent_path() / std::string(253, 'n');
    const file::Fd fd = file::open_regular(path, O_RDWR | O_CREAT);
    try {
        const auto held = mbox::Lock::exclusive(fd, path, seconds(60), nobody);
        ADD_FAILURE();
    } catch (const SystemError& error) {
        EXPECT_EQ(error.number(), ENAMETOOLONG);
    }
}

TEST_F(LockTest, LongPathsCanBeLocked) {
    std::filesystem::path folder = std::filesystem::path(box.path()).parent_path();
    while (folder.string().size() < 3000) folder /= std::string(200, 'd');
    std::filesystem::create_directories(folder);
    const std::string path = folder / "test.mbox";
    const file::Fd fd = file::open_regular(path, O_RDWR | O_CREAT);
    { const auto held = mbox::Lock::exclusive(fd, path, seconds(0), nobody); }
    EXPECT_FALSE(std::filesystem::exists(path + ".lock"));
}

TEST_F(LockTest, ReadersShareAndKeepWritersOut) {
    const auto reader = mbox::Lock::shared(box.fd(), box.path(), seconds(0));
    EXPECT_FALSE(std::filesystem::exists(dotlock));
    {
        const auto second = mbox::Lock::shared(other, box.path(), seconds(0));
        EXPECT_THROW(mbox::Lock::exclusive(other, box.path(), seconds(0), nobody), Error);
    }
}

TEST_F(LockTest, AReaderWaitsForAWriter) {
    const auto writer = lock();
    EXPECT_THROW(mbox::Lock::shared(other, box.path(), seconds(0)), Error);
}

TEST_F(LockTest, IsHadAsWellWhereThereAreNoHardLinks) {
    without_links = true;
    const auto held = lock();
    EXPECT_TRUE(std::filesystem::exists(dotlock));
}

TEST_F(LockTest, WhatARunLeavesWhereThereAreNoHardLinksIsKnownAsItsOwn) {
    without_links = true;
    const pid_t killed = fork();
    if (killed == 0) {
        const auto held = lock();
        _exit(0);
    }
    waitpid(killed, nullptr, 0);
    ASSERT_TRUE(std::filesystem::exists(dotlock));
    EXPECT_NO_THROW(lock(seconds(0), [killed](pid_t pid) { return pid == killed; }));
}

TEST_F(LockTest, ItsOwnDotlockThatItCouldNotRemoveKeepsItOutNoMore) {
    {
        const auto held = lock();
        without_removal = true;
    }
    without_removal = false;
    ASSERT_TRUE(std::filesystem::exists(dotlock));
    EXPECT_NO_THROW(lock());
}
