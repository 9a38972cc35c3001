#include "pop3/prologue.hpp"

#include <gtest/gtest.h>

namespace popkeep::pop3 {
namespace {

TEST(Prologue, KeepsTheCapabilitiesOfTheFinalTlsState) {
    Prologue prologue(true);
    for (const auto* line : {"+OK ready <1.2@host>\r\n", "+OK list follows\r\n", "STLS\r\n", "PIPELINING\r\n",
                             ".\r\n", "+OK begin TLS\r\n", "+OK\r\n", "USER\r\n", ".\r\n"})
        EXPECT_TRUE(prologue.hear(line));
    EXPECT_EQ(prologue.greeting(), "+OK ready <1.2@host>");
    EXPECT_EQ(prologue.capabilities().lines(), std::vector<std::string>{"USER"});
}

TEST(Prologue, ForgetsCapabilitiesIfNoneAreGivenOverTls) {
    Prologue prologue(true);
    for (const auto* line : {"+OK\r\n", "+OK\r\n", "STLS\r\n", "USER\r\n", ".\r\n", "+OK\r\n", "-ERR\r\n"})
        EXPECT_TRUE(prologue.hear(line));
    EXPECT_TRUE(prologue.capabilities().empty());
}

TEST(Prologue, RemembersHowALoginWasRefused) {
    Prologue prologue(false);
    for (const auto* line :
         {"+OK\r\n", "+OK\r\n", "SASL PLAIN\r\n", ".\r\n", "+ \r\n", "-ERR [IN-USE] busy\r\n"})
        EXPECT_TRUE(prologue.hear(line));
    ASSERT_TRUE(prologue.last());
    EXPECT_EQ(prologue.last()->code, ResponseCode::in_use);
}

TEST(Prologue, DoesNotTakeARefusedCapaForARefusedLogin) {
    Prologue prologue(false);
    EXPECT_TRUE(prologue.hear("+OK\r\n"));
    EXPECT_TRUE(prologue.hear("-ERR what?\r\n"));
    EXPECT_FALSE(prologue.last());
}

TEST(Prologue, StopsAtAnotherProtocolsGreetingAndAtAFlood) {
    EXPECT_FALSE(Prologue(false).hear("220 mx.example.org ESMTP\r\n"));
    EXPECT_FALSE(Prologue(false).hear("HTTP/1.1 400 Bad Request\r\n"));
    Prologue flooded(false);
    EXPECT_TRUE(flooded.hear("+OK\r\n"));
    int lines = 0;
    while (flooded.hear(std::string(1'000, 'x') + "\r\n") && lines < 10'000) ++lines;
    EXPECT_LT(lines, 1'100);
}

}  // namespace
}  // namespace popkeep::pop3
