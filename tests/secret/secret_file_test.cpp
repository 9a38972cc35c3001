#include "secret/secret_file.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>

#include "secret/fixture.hpp"

namespace popkeep::secret {
namespace {

using FileOfSecrets = SecretTest;

TEST_F(FileOfSecrets, ThatIsMissingIsNothing) {
    EXPECT_FALSE(read_secret_file(home_ + "/none"));
    EXPECT_FALSE(read_secret_file(write("file", "x") + "/below"));
}

TEST_F(FileOfSecrets, IsReadWhole) {
    const std::string text(100'000, 'x');
    EXPECT_EQ(read_secret_file(write("big", text))->text, text);
}

TEST_F(FileOfSecrets, BeyondOneMebibyteIsRefused) {
    const std::string path = write("huge", std::string((1U << 20U) + 1, 'x'));
    EXPECT_EQ(error_of(Category::permission, [&] { read_secret_file(path); }),
              path + ": the file is larger than 1 MiB");
}

TEST_F(FileOfSecrets, MayBeAPipe) {
    std::array<int, 2> ends{};
    ASSERT_EQ(pipe(ends.data()), 0);
    ASSERT_EQ(::write(ends[1], "secret\n", 7), 7);
    close(ends[1]);
    const auto file = read_secret_file("/dev/fd/" + std::to_string(ends[0]));
    close(ends[0]);
    EXPECT_EQ(file->text, "secret\n");
    EXPECT_NO_THROW(require_private(*file, "pipe"));
}

TEST_F(FileOfSecrets, MustNotBeAFolderOrADevice) {
    EXPECT_EQ(error_of(Category::permission, [] { read_secret_file("/dev/null"); }),
              "/dev/null: this is neither a file nor a pipe");
    EXPECT_EQ(error_of(Category::permission, [&] { read_secret_file(home_); }),
              home_ + ": this is neither a file nor a pipe");
}

TEST_F(FileOfSecrets, WithoutADescriptorLeftIsNoMatterOfPermission) {
    const std::string path = write("file", "secret");
    rlimit before{};
    ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
    const rlimit none{.rlim_cur = 0, .rlim_max = before.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
    const std::string line = error_of(Category::io, [&] { read_secret_file(path); });
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
    EXPECT_EQ(line, path + ": cannot read the file (Too many open files)");
}

TEST_F(FileOfSecrets, ThatOthersCanReadIsRefused) {
    for (const mode_t mode : {0644U, 0640U, 0604U, 0620U}) {
        const std::string path = write("open", "secret", mode);
        const std::string line =
            error_of(Category::permission, [&] { require_private(*read_secret_file(path), path); });
        EXPECT_TRUE(contains(line, "others can read this file of secrets (mode 06")) << line;
        EXPECT_TRUE(line.ends_with("; chmod 600 '" + path + "'")) << line;
    }
}

}  // namespace
}  // namespace popkeep::secret
