#include "pop3/command.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace popkeep::pop3 {
namespace {

TEST(Command, IsTakenApart) {
    const auto command = parse_command("  retr   12  ");
    EXPECT_EQ(command.verb, "RETR");
    EXPECT_EQ(command.argument, "12");
    EXPECT_EQ(parse_command("Noop").argument, "");
}

TEST(Command, IsOneLineOfPrintableText) {
    for (const std::string text : {"", "   ", "NOOP\r\nDELE 1", "NOOP\n", "STAT\x01", "A\x7f"})
        EXPECT_THROW(parse_command(text), Error) << text;
    EXPECT_THROW(parse_command(std::string("NOOP \0", 6)), Error);
    EXPECT_NO_THROW(parse_command("X " + std::string(251, 'x')));
    EXPECT_THROW(parse_command("X " + std::string(252, 'x')), Error);
}

TEST(Command, HasItsAnswersShape) {
    for (const char* line : {"CAPA", "list", "UIDL", "RETR 1", "top 1 0", "LANG"})
        EXPECT_EQ(shape_of(parse_command(line)), Shape::multi_line) << line;
    for (const char* line : {"STAT", "LIST 1", "UIDL 2", "dele 1", "RSET", "NOOP", "QUIT", "LANG de"})
        EXPECT_EQ(shape_of(parse_command(line)), Shape::single_line) << line;
    EXPECT_EQ(shape_of(parse_command("XTND xmit")), Shape::unknown);
}

TEST(Command, ThoseOfSigningInAreKnown) {
    for (const char* line : {"USER a", "pass b", "APOP a b", "Auth PLAIN", "STLS"})
        EXPECT_TRUE(signs_in(parse_command(line))) << line;
    EXPECT_FALSE(signs_in(parse_command("CAPA")));
}

}  // namespace
}  // namespace popkeep::pop3
