#include "config/refusal.hpp"
#include "config/values.hpp"

namespace popkeep::config {
namespace {

using Words = std::vector<std::string>;

TEST(CommandLine, IsSplitAtBlanks) {
    EXPECT_EQ(parse_command("pass  show\tmail/work "), (Words{"pass", "show", "mail/work"}));
}

TEST(CommandLine, QuotesKeepBlanksAndNothingIsExpanded) {
    EXPECT_EQ(parse_command(R"(a 'b c' "d e" f\ g '' "")"), (Words{"a", "b c", "d e", "f g", "", ""}));
    EXPECT_EQ(parse_command(R"(echo '$HOME \' "`id` \"x\" \\ \n" *)"),
              (Words{"echo", "$HOME \\", "`id` \"x\" \\ \\n", "*"}));
    EXPECT_EQ(parse_command("a'b'\"c\""), Words{"abc"});
}

TEST(CommandLine, DefectsAreToldWithoutRepeatingIt) {
    const std::string hint = "; write it as in: pass show 'mail/my account'";
    EXPECT_EQ(refusal([] { parse_command(" \t"); }), "the command is empty" + hint);
    EXPECT_EQ(refusal([] { parse_command("''"); }), "the command is empty" + hint);
    EXPECT_EQ(refusal([] { parse_command("echo 'hush"); }), "the command has an open quote" + hint);
    EXPECT_EQ(refusal([] { parse_command("echo \"hush"); }), "the command has an open quote" + hint);
    EXPECT_EQ(refusal([] { parse_command("echo hush\\"); }), "the command ends with '\\'" + hint);
    EXPECT_EQ(refusal([] { parse_command("echo\nhush"); }), "the command has more than one line" + hint);
    EXPECT_EQ(refusal([] { parse_command(std::string(9000, 'x')); }),
              "the command is longer than 8192 bytes" + hint);
}

}  // namespace
}  // namespace popkeep::config
