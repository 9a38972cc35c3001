// What a batch goes through while the caller gets the next one.

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

#include "archive/archive_test.hpp"
#include "archive/batch.hpp"
#include "archive/disk.hpp"
#include "base/error.hpp"
#include "file/durable.hpp"
#include "mbox/lock.hpp"

using namespace popkeep;
using archive::Appender;
using archive::Batch;
using test::stored_mails;

namespace {

// The syncs of mboxes: they can be made to last, and something can happen at the next one.
class Syncs {
  public:
    void hold() {
        const std::lock_guard lock(mutex_);
        held_ = true;
        gave_up_ = false;
    }
    void let_go() {
        const std::lock_guard lock(mutex_);
        held_ = false;
        changed_.notify_all();
    }
    // Each of them.
    void take(std::chrono::milliseconds time) {
        const std::lock_guard lock(mutex_);
        time_ = time;
    }
    // What it returns is errno, or 0.
    void meet_once(std::function<int()> what) {
        const std::lock_guard lock(mutex_);
        what_ = std::move(what);
    }
    void fail_once(int error_number) {
        meet_once([=] { return error_number; });
    }
    bool gave_up() {
        const std::lock_guard lock(mutex_);
        return gave_up_;
    }
    int count() {
        const std::lock_guard lock(mutex_);
        return count_;
    }
    int pass() {
        std::unique_lock lock(mutex_);
        ++count_;
        // Who waits for a sync that is held must fail a test, not hang.
        gave_up_ = !changed_.wait_for(lock, std::chrono::seconds(10), [this] { return !held_; }) || gave_up_;
        const auto what = std::exchange(what_, nullptr);
        const auto time = time_;
        lock.unlock();
        std::this_thread::sleep_for(time);
        return what ? what() : 0;
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool held_ = false, gave_up_ = false;
    int count_ = 0;
    std::function<int()> what_;
    std::chrono::milliseconds time_{0};
};

Syncs syncs;

struct BesideTest : test::ArchiveTest {
    std::optional<Appender> appender{std::in_place, open(), [](std::int64_t) { return me; }};
    std::uint32_t next = 1;

    BesideTest() {
        test::disk.before_sync = [] { return syncs.pass(); };
    }
    ~BesideTest() override {
        syncs.let_go();
        syncs.take(std::chrono::milliseconds(0));
    }

    void keep(std::string_view content) {
        appender->begin({.account = account,
                         .number = next,
                         .uid = "u" + std::to_string(next),
                         .list_size = {},
                         .replaces = {}});
        test::give(*appender, content);
        appender->end(0);
        appender->keep();
        ++next;
    }
    void keep_batch(std::string_view content) {
        for (std::size_t i = 0; i < Batch::most_messages; ++i) keep(content);
    }
    // As another process sees it.
    std::uint64_t archived() {
        archive::Archive other = archive::Archive::open(folder.path(), archive::Access::read);
        return other.ledger().messages.counts(account).archived;
    }
    // Of the two on the mbox, as another program sees them.
    int locks() const {
        const file::Fd fd(::open(path().c_str(), O_RDWR | O_CLOEXEC));
        struct flock lock {};
        lock.l_type = F_WRLCK;
        EXPECT_EQ(fcntl(fd.get(), F_OFD_GETLK, &lock), 0);
        return (lock.l_type == F_UNLCK ? 0 : 1) + (std::filesystem::exists(path() + ".lock") ? 1 : 0);
    }
    // Does something that waits for a sync, which ends when `meanwhile` is done.
    void await_sync(const std::function<void()>& wait, const std::function<void()>& meanwhile) {
        std::thread other([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
            meanwhile();
            syncs.let_go();
        });
        wait();
        other.join();
    }
};

}  // namespace

TEST_F(BesideTest, TheNextBatchIsTakenWhileOneIsSynced) {
    syncs.hold();
    keep_batch("one\n");
    for (int i = 0; i < 100; ++i) keep("two\n");
    EXPECT_FALSE(syncs.gave_up());
    syncs.let_go();
    appender->flush();
    EXPECT_EQ(verdict(), "1100 exact");
}

TEST_F(BesideTest, ABatchIsCommittedWhenItIsSyncedAndNotBefore) {
    syncs.hold();
    keep_batch("");
    await_sync([&] { appender->flush(); }, [&] { EXPECT_EQ(archived(), 0U); });
    EXPECT_EQ(archived(), Batch::most_messages);
}

TEST_F(BesideTest, ABatchIsSyncedBeforeTheNextOneIsWritten) {
    syncs.hold();
    keep_batch("");
    const std::string first = bytes();
    await_sync([&] { keep_batch(""); },
               [&] {
                   EXPECT_EQ(bytes(), first);
                   EXPECT_EQ(archived(), 0U);
               });
    EXPECT_GT(bytes().size(), first.size());
}

// What looked changed would be read, rewritten and synced again: nothing is lost, but a run takes twice as
// long.
TEST_F(BesideTest, AMboxThatNobodyTouchedIsSyncedOnceForEachBatch) {
    const int before = syncs.count();
    keep_batch("");
    keep_batch("");
    appender->flush();
    EXPECT_EQ(syncs.count() - before, 2);
}

TEST_F(BesideTest, TheMboxIsLockedUntilItIsSynced) {
    syncs.hold();
    keep_batch("");
    EXPECT_EQ(locks(), 2);
    await_sync([&] { appender->flush(); }, [&] { EXPECT_EQ(locks(), 2); });
    EXPECT_EQ(locks(), 0);
}

TEST_F(BesideTest, AnotherProgramGetsTheLockThoughTheCallerDoesNothing) {
    keep_batch("");
    for (int i = 0; i < 2000 && locks() > 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    EXPECT_EQ(locks(), 0);
    EXPECT_EQ(archived(), 0U);
}

TEST_F(BesideTest, AnotherProgramHasItsTurnThoughTheDiskIsSlowerThanTheCaller) {
    syncs.take(std::chrono::milliseconds(300));
    keep_batch("");
    std::atomic<bool> had = false;
    std::thread other([&] {
        const file::Fd fd = file::open_regular(path(), O_RDWR);
        try {
            mbox::Lock::exclusive(fd, path(), std::chrono::seconds(15), [](pid_t) { return false; });
            had = true;
        } catch (const Error&) {
        }
    });
    for (int i = 0; i < 40 && !had; ++i) keep_batch("");
    other.join();
    EXPECT_TRUE(had);
}

TEST_F(BesideTest, APauseIsNotUsedWhileABatchIsSynced) {
    const std::string text(Appender::worth_a_batch, '\n');
    syncs.hold();
    keep(text);
    appender->use_pause();
    const std::string first = bytes();
    keep(text);
    appender->use_pause();
    EXPECT_EQ(bytes(), first);
    syncs.let_go();
    appender->flush();
    EXPECT_EQ(verdict(), "2 exact");
}

TEST_F(BesideTest, AnAppenderThatGoesWaitsForTheSyncAndLeavesNoLock) {
    syncs.hold();
    keep_batch("");
    await_sync([&] { appender.reset(); }, [&] { EXPECT_EQ(locks(), 2); });
    EXPECT_EQ(locks(), 0);
    reopen();
    reconcile();
    EXPECT_EQ(archived(), Batch::most_messages);
}

TEST_F(BesideTest, ASyncThatFailedIsToldWithTheNextBatchAndItsOwnIsCutOff) {
    append_mails(1, 2);
    syncs.fail_once(EIO);
    keep_batch("");
    EXPECT_THROW(keep_batch(""), SystemError);
    EXPECT_TRUE(appender->broken());
    EXPECT_EQ(bytes(), stored_mails(1, 2));
    EXPECT_EQ(locks(), 0);
    EXPECT_EQ(archived(), 2U);
    EXPECT_EQ(appender->messages(), 0U);
}

TEST_F(BesideTest, AByteThatTheDiskChangedIsFoundWhereverItStands) {
    append_mails(1, 1);
    const std::string text(std::size_t{600} * 1024, '\n');
    for (const std::size_t from_end : {text.size(), text.size() / 2, std::size_t{1}}) {
        syncs.meet_once([&] {
            std::fstream file(path(), std::ios::in | std::ios::out | std::ios::binary);
            file.seekp(-static_cast<std::streamoff>(from_end), std::ios::end).put('x');
            return 0;
        });
        keep(text);
        EXPECT_THROW(appender->flush(), Error) << from_end;
        EXPECT_TRUE(bytes() == stored_mails(1, 1)) << from_end;
        reconcile();
        appender.emplace(open(), [](std::int64_t) { return me; });
    }
}

// Of a write it says that less may go into this file. Whether that fits is known by then, and the memory of
// what was written is in use again.
TEST_F(BesideTest, AFileThatIsTooLargeAtItsSyncIsNoReasonToDivideTheNextBatch) {
    syncs.fail_once(EFBIG);
    keep_batch("");
    EXPECT_THROW(keep_batch(""), SystemError);
    EXPECT_TRUE(appender->broken());
    EXPECT_EQ(archived(), 0U);
}
