#include "file/durable.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <vector>

#include "base/error.hpp"
#include "file/temporary_folder.hpp"

using namespace popkeep;

namespace {

struct Durable : testing::Test {
    test::TemporaryFolder folder;
    std::string path = folder / "file";
    file::Fd fd = file::open_regular(path, O_RDWR | O_CREAT);

    void write(std::uint64_t offset, const std::vector<std::string_view>& pieces) {
        file::write_at(fd, offset, pieces, path);
    }
};

// RLIMIT_FSIZE makes real short writes: what fits is written, the rest is EFBIG.
class FileSizeLimit {
  public:
    explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{bytes, before_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;
    ~FileSizeLimit() {
        setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }

  private:
    rlimit before_{};
    void (*handler_)(int);
};

}  // namespace

TEST_F(Durable, WritesPiecesInOrderAtTheOffset) {
    write(0, {"head "});
    write(5, {"a", "", "bc", "", ""});
    write(2, {});
    EXPECT_EQ(folder.read("file"), "head abc");
}

TEST_F(Durable, WritesMorePiecesThanOneCallTakes) {
    std::string expected;
    std::vector<std::string_view> pieces;
    for (int i = 0; i < 5000; ++i) {
        pieces.emplace_back(i % 3 == 0 ? "x" : i % 3 == 1 ? "" : "yz");
        expected += pieces.back();
    }
    write(0, pieces);
    EXPECT_EQ(folder.read("file"), expected);
}

TEST_F(Durable, GoesOnAfterAShortWriteAndNamesTheErrorThen) {
    const FileSizeLimit limit(10);
    try {
        write(0, {"12345", "67890", "beyond"});
        FAIL();
    } catch (const SystemError& error) {
        EXPECT_EQ(error.number(), EFBIG);
        EXPECT_EQ(error.where(), path);
    }
    EXPECT_EQ(folder.read("file"), "1234567890");
}

TEST_F(Durable, ReadsLessOnlyAtTheEnd) {
    write(0, {"0123456789"});
    std::array<char, 4> buffer{};
    EXPECT_EQ(file::read_at(fd, 3, buffer, path), 4U);
    EXPECT_EQ(std::string_view(buffer.data(), 4), "3456");
    EXPECT_EQ(file::read_at(fd, 8, buffer, path), 2U);
    EXPECT_EQ(file::read_at(fd, 100, buffer, path), 0U);
}

TEST_F(Durable, TruncatesSyncsAndForgets) {
    write(0, {"0123456789"});
    file::truncate(fd, 4, path);
    file::sync_content(fd, path);
    file::forget_cached(fd, 1, 2);
    EXPECT_EQ(folder.read("file"), "0123");
    EXPECT_EQ(file::stat_of(fd, path).st_size, 4);
}

TEST_F(Durable, FailuresNameThePath) {
    const file::Fd reader = file::open_regular(path, O_RDONLY);
    const std::array<std::string_view, 1> piece{"x"};
    try {
        file::write_at(reader, 0, piece, path);
        FAIL();
    } catch (const SystemError& error) {
        EXPECT_EQ(error.number(), EBADF);
        EXPECT_EQ(error.where(), path);
    }
    EXPECT_THROW(file::truncate(reader, 0, path), SystemError);
}

TEST_F(Durable, ADescriptorMovesWithItsOwner) {
    const int number = fd.get();
    file::Fd other(std::move(fd));
    EXPECT_EQ(other.get(), number);
    file::Fd third;
    third = std::move(other);
    EXPECT_EQ(third.get(), number);
    third = file::Fd();
    EXPECT_EQ(fcntl(number, F_GETFD), -1);
}
