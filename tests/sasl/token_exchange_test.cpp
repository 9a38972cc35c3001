#include <gtest/gtest.h>

#include "sasl/exchange.hpp"

namespace popkeep::sasl {
namespace {

const Identity bearer{
    .user = "me=a,b@example.com", .password = "token", .host = "pop.example.com", .port = 995};

TEST(TokenExchange, SaysWhatXoauth2Wants) {
    const auto exchange = make_exchange(Mechanism::xoauth2, bearer);
    EXPECT_EQ(exchange->answer(""),
              "user=me=a,b@example.com\x01"
              "auth=Bearer token\x01\x01");
    EXPECT_TRUE(exchange->complaint().empty());
    EXPECT_EQ(exchange->answer("{\"status\":\"401\"}"), "");
    EXPECT_EQ(exchange->complaint(), "{\"status\":\"401\"}");
}

TEST(TokenExchange, SaysWhatOauthbearerWants) {
    const auto exchange = make_exchange(Mechanism::oauthbearer, bearer);
    EXPECT_EQ(exchange->answer(""),
              "n,a=me=3Da=2Cb@example.com,\x01host=pop.example.com\x01port=995\x01"
              "auth=Bearer token\x01\x01");
    EXPECT_EQ(exchange->answer("{}"), "\x01");
}

}  // namespace
}  // namespace popkeep::sasl
