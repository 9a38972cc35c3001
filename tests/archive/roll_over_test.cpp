// Where a file may not grow any more, the next one goes on.

#include <sys/resource.h>

#include <cerrno>
#include <csignal>
#include <string>
#include <string_view>

#include "archive/appender.hpp"
#include "archive/archive_test.hpp"
#include "archive/disk.hpp"
#include "base/error.hpp"

using namespace popkeep;
using test::mail;
using test::stored_mails;
using test::text_of;

namespace {

// Files may not grow beyond this, as on a file system with such a limit.
class FileSizeLimit {
  public:
    explicit FileSizeLimit(rlim_t bytes) {
        getrlimit(RLIMIT_FSIZE, &before_);
        rlimit limit = before_;
        limit.rlim_cur = bytes;
        setrlimit(RLIMIT_FSIZE, &limit);
        handler_ = std::signal(SIGXFSZ, SIG_IGN);
    }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;
    ~FileSizeLimit() {
        setrlimit(RLIMIT_FSIZE, &before_);
        static_cast<void>(std::signal(SIGXFSZ, handler_));
    }

  private:
    rlimit before_{};
    void (*handler_)(int) = SIG_DFL;
};

struct RollOverTest : test::ArchiveTest {
    archive::Appender appender{open(), [](std::int64_t) { return me; }};
    std::uint32_t next = 1;

    ~RollOverTest() override { test::disk.before_truncate = nullptr; }

    void keep(std::string_view content) {
        const std::uint32_t number = next++;
        appender.begin({.account = account,
                        .number = number,
                        .uid = "u" + std::to_string(number),
                        .list_size = {},
                        .replaces = {}});
        test::give(appender, content);
        appender.end(0);
        appender.keep();
    }
    std::uint64_t archived() { return books().messages.counts(account).archived; }
};

}  // namespace

TEST_F(RollOverTest, GoesOnInTheNextFileWhereOneMayNotGrow) {
    constexpr std::size_t limit = std::size_t{4} * 1024 * 1024;
    keep(text_of(limit - 100));
    appender.flush();
    const std::string before = bytes();
    {
        const FileSizeLimit here(limit);
        keep(mail(2));
        keep(mail(3));
        appender.flush();
        keep(mail(4));
        appender.flush();
    }
    EXPECT_EQ(bytes(), before);
    EXPECT_EQ(bytes("me.2.mbox"), stored_mails(2, 4));
    EXPECT_EQ(archived(), 4U);
    EXPECT_EQ(rows(), "u1 archived");
    EXPECT_EQ(verdict(), "4 exact");
}

TEST_F(RollOverTest, DividesABatchThatIsTooMuchForAnyFile) {
    constexpr std::size_t limit = std::size_t{1} * 1024 * 1024;
    const FileSizeLimit here(limit);
    for (int i = 0; i < 7; ++i) keep(text_of(limit / 2 - 20'000));
    appender.flush();
    EXPECT_EQ(archived(), 7U);
    EXPECT_EQ(appender.messages(), 7U);
    EXPECT_EQ(appender.take_committed().size(), 7U);
    EXPECT_EQ(rows("me.3.mbox"), "u5 archived; u6 archived");
    EXPECT_EQ(verdict(), "7 exact");
}

TEST_F(RollOverTest, StopsIfAMessageIsTooMuchForAnyFile) {
    constexpr std::size_t limit = std::size_t{2} * 1024 * 1024;
    const FileSizeLimit here(limit);
    keep(text_of(limit + 1));
    EXPECT_THROW(appender.flush(), Error);
    EXPECT_TRUE(appender.broken());
    EXPECT_EQ(bytes(), "") << "what was written of it is cut off at once";
    reconcile();
    EXPECT_EQ(archived(), 0U);
}

// Two messages of the batch stand by then, and are not put a second time.
TEST_F(RollOverTest, StopsIfWhatWasWrittenOfABatchCannotBeCutOff) {
    constexpr std::size_t limit = std::size_t{1} * 1024 * 1024;
    test::disk.before_truncate = [] {
        test::disk.before_truncate = nullptr;
        return EIO;
    };
    const FileSizeLimit here(limit);
    for (int i = 0; i < 4; ++i) keep(text_of(limit / 2 - 20'000));
    EXPECT_THROW(appender.flush(), SystemError);
    EXPECT_TRUE(appender.broken());
    reconcile();
    EXPECT_EQ(rows(), "u1 archived; u2 archived");
    EXPECT_EQ(verdict(), "2 exact");
    EXPECT_EQ(bytes("me.2.mbox"), "");
}
