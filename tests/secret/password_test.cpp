#include "secret/password.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <type_traits>

#include "secret/fixture.hpp"

namespace popkeep::secret {
namespace {

std::string refusal(std::string text) {
    return error_of(Category::permission, [&] { const Password password(std::move(text), "netrc"); });
}

TEST(Password, CannotBeCopied) {
    EXPECT_FALSE(std::is_copy_constructible_v<Password>);
    EXPECT_FALSE(std::is_copy_assignable_v<Password>);
}

TEST(Password, TakesItsBytesAndLeavesNothingBehind) {
    std::string text = "short";
    const Password password(std::move(text), "test");
    EXPECT_EQ(password.view(), "short");
    // NOLINTNEXTLINE(bugprone-use-after-move): that is the point
    EXPECT_EQ(std::string(text.data(), 5), std::string(5, '\0'));
}

TEST(Password, IsEmptyOnceMovedAway) {
    Password first(std::string("secret"), "test");
    const Password second(std::move(first));
    EXPECT_EQ(second.view(), "secret");
    EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move,clang-analyzer-cplusplus.Move)
}

TEST(Password, WipingReachesTheWholeBuffer) {
    std::string text = "a long secret that doesn't fit into the string itself";
    const char* const bytes = text.data();
    const std::size_t size = text.size();
    text.resize(3);
    wipe(text);
    EXPECT_TRUE(text.empty());
    EXPECT_EQ(bytes, text.data());
    text.resize(size, 'x');
    EXPECT_EQ(text, std::string(size, 'x'));
}

TEST(Password, EmptyIsRefused) {
    EXPECT_EQ(
        refusal(""),
        "the password from netrc is empty; check what stands there, or remove it to use another source");
}

TEST(Password, MoreThanAThousandBytesAreRefused) {
    EXPECT_NO_THROW(Password(std::string(1000, 'x'), "test"));
    EXPECT_EQ(
        refusal(std::string(1001, 'x')),
        "the password from netrc is longer than 1000 bytes; check that it is the password and nothing else");
}

TEST(Password, LineBreaksAndNulAreRefusedWithoutRepeatingIt) {
    for (const char c : {'\r', '\n', '\0'}) {
        EXPECT_EQ(refusal("hush" + std::string(1, c) + "RETR 1"),
                  "the password from netrc holds a line break or a NUL; POP3 can't carry such a password: "
                  "change it "
                  "on the server");
    }
}

TEST(Password, CoreDumpsAreOffOnceForbidden) {
    forbid_core_dumps();
    rlimit limit{};
    getrlimit(RLIMIT_CORE, &limit);
    EXPECT_EQ(limit.rlim_cur, 0U);
    EXPECT_EQ(limit.rlim_max, 0U);
    EXPECT_EQ(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
}

}  // namespace
}  // namespace popkeep::secret
