#include "secret/token.hpp"

#include "secret/fixture.hpp"

namespace popkeep::secret {
namespace {

TEST(TokenCommand, PrintsATokenForTheAccount) {
    const auto tokens = tokens_from_command({"echo", "token-of-{account}"}, "work", "token_command");
    EXPECT_EQ(tokens->token().view(), "token-of-work");
    EXPECT_FALSE(tokens->renew());
}

TEST(TokenCommand, MayPrintMoreThanAPasswordHas) {
    const auto printing = [](const std::string& size) {
        return tokens_from_command({"sh", "-c", "head -c " + size + " /dev/zero | tr '\\0' x"}, "",
                                   "token_command");
    };
    EXPECT_EQ(printing("8000")->token().view().size(), 8000U);
    EXPECT_TRUE(
        contains(error_of(Category::permission, [&] { printing("20000")->token(); }), "longer than 16384"));
}

TEST(TokenCommand, IsMarkedByItselfAndNotByItsTokens) {
    const auto one = tokens_from_command({"a", "b"}, "work", "token_command");
    EXPECT_EQ(one->mark(), tokens_from_command({"a", "b"}, "work", "token_command")->mark());
    EXPECT_NE(one->mark(), tokens_from_command({"a b"}, "work", "token_command")->mark());
}

}  // namespace
}  // namespace popkeep::secret
