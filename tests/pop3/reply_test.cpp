#include "pop3/reply.hpp"

#include <gtest/gtest.h>

namespace popkeep::pop3 {
namespace {

TEST(Reply, TakesTextWithAndWithoutSpace) {
    EXPECT_EQ(parse_reply("+OK")->text, "");
    EXPECT_EQ(parse_reply("+OK 5 messages")->text, "5 messages");
    EXPECT_EQ(parse_reply("+OKtext")->text, "text");
    EXPECT_TRUE(parse_reply("+OKtext")->ok);
    EXPECT_EQ(parse_reply("-ERRno")->text, "no");
    EXPECT_FALSE(parse_reply("-ERR")->ok);
}

TEST(Reply, RefusesEverythingElse) {
    for (const auto* line : {"", "+ok", "-err", "+ ", "+O", " +OK", "220 smtp", "HTTP/1.1 400", "."})
        EXPECT_FALSE(parse_reply(line)) << line;
}

TEST(Reply, KnowsResponseCodesByTheirLongestPrefix) {
    const auto code = [](std::string_view line) { return parse_reply(line)->code; };
    EXPECT_EQ(code("-ERR [IN-USE] busy"), ResponseCode::in_use);
    EXPECT_EQ(code("-ERR [LOGIN-DELAY] 300"), ResponseCode::login_delay);
    EXPECT_EQ(code("-ERR [SYS/TEMP] later"), ResponseCode::sys_temp);
    EXPECT_EQ(code("-ERR [SYS/TEMP/DISK] later"), ResponseCode::sys_temp);
    EXPECT_EQ(code("-ERR [sys/perm]"), ResponseCode::sys_perm);
    EXPECT_EQ(code("-ERR [AUTH] no"), ResponseCode::auth);
    EXPECT_EQ(code("-ERR [UTF8] no"), ResponseCode::utf8);
    EXPECT_EQ(code("-ERR [AUTHOR] no"), ResponseCode::unknown);
    EXPECT_EQ(code("-ERR [SYS] no"), ResponseCode::unknown);
    EXPECT_EQ(code("-ERR [AUTH no"), ResponseCode::none);
    EXPECT_EQ(code("-ERR no [AUTH]"), ResponseCode::none);
}

TEST(Reply, CutsTextAt512Octets) {
    EXPECT_EQ(parse_reply("-ERR " + std::string(100'000, 'x'))->text.size(), 512U);
}

}  // namespace
}  // namespace popkeep::pop3
