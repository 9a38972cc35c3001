#include <fcntl.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>

#include "archive/archive_test.hpp"
#include "archive/disk.hpp"
#include "archive/layout.hpp"
#include "archive/rewrite.hpp"
#include "base/error.hpp"
#include "file/durable.hpp"

using namespace popkeep;

namespace {

// For as long as it lives no file can be written beyond `most` bytes, as on a disk that is full.
class FullDisk {
  public:
    explicit FullDisk(rlim_t most) : handler_(signal(SIGXFSZ, SIG_IGN)) {
        getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{.rlim_cur = most, .rlim_max = before_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;
    ~FullDisk() {
        setrlimit(RLIMIT_FSIZE, &before_);
        signal(SIGXFSZ, handler_);
    }

  private:
    rlimit before_{};
    sighandler_t handler_;
};

struct SetAsideTest : test::ArchiveTest {
    std::string set_aside() {
        const file::Fd fd = file::open_regular(path(), O_RDONLY);
        return archive::set_aside(fd, path(), 1, size, open().private_path(archive::layout::torn), "piece");
    }

    static constexpr std::size_t size = 1'000'000;
};

}  // namespace

TEST_F(SetAsideTest, CopiesAPiece) {
    overwrite("x" + std::string(size, 'y') + "z");
    EXPECT_EQ(std::filesystem::file_size(set_aside()), size);
}

TEST_F(SetAsideTest, LeavesNothingOfACopyForWhichThereIsNoRoom) {
    overwrite("x" + std::string(size, 'y') + "z");
    {
        const FullDisk full(size / 2);
        EXPECT_THROW(set_aside(), Error);
    }
    EXPECT_TRUE(torn().empty());
}

TEST_F(SetAsideTest, SyncsTheNameOfItsCopy) {
    overwrite("x" + std::string(size, 'y') + "z");
    EXPECT_TRUE(test::is_synced_by(folder / ".popkeep/torn", [&] { set_aside(); }));
}
