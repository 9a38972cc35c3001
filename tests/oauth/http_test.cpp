#include "oauth/http.hpp"

#include <gtest/gtest.h>

namespace popkeep::oauth {
namespace {

TEST(Form, IsPercentEncodedAndBack) {
    EXPECT_EQ(encoded({{"a b", "c&d=e"}, {"f", "\xc3\xa9~"}}), "a%20b=c%26d%3De&f=%C3%A9~");
    EXPECT_EQ(decoded("a%20b+c%26"), "a b c&");
    EXPECT_EQ(decoded("100%"), "100%");
    EXPECT_EQ(decoded("%4"), "%4");
    EXPECT_EQ(decoded("%zz%41"), "%zzA");
}

TEST(Form, PlaceOfAnAddressIsItsHostAndPort) {
    EXPECT_EQ(place_of("https://auth.example.com:8443/token?x"), "auth.example.com:8443");
    EXPECT_EQ(place_of("https://auth.example.com"), "auth.example.com");
}

}  // namespace
}  // namespace popkeep::oauth
