#include "base/base64.hpp"

#include <gtest/gtest.h>

namespace popkeep {
namespace {

TEST(Base64, IsThatOfRfc4648) {
    EXPECT_EQ(base64(""), "");
    EXPECT_EQ(base64("f"), "Zg==");
    EXPECT_EQ(base64("fo"), "Zm8=");
    EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
    EXPECT_EQ(base64(std::string_view("\0\xff\xfe", 3)), "AP/+");
    EXPECT_EQ(base64url(std::string_view("\xff\xff\xfe\xfb", 4)), "___--w");
}

TEST(Base64, DecodesWhatItEncodes) {
    for (const std::string_view bytes : {std::string_view(), std::string_view("f"), std::string_view("fo"),
                                         std::string_view("a\0b\xff", 4), std::string_view("foobar")})
        EXPECT_EQ(base64_decoded(base64(bytes)), bytes);
}

TEST(Base64, IsNothingWhereItIsNone) {
    for (const char* text : {"Zg=", "Zg", "Z===", "====", "Zg==Zg==", "Zm 8", "Zm8=\n", "Zm8-", "\n\n\n\n"})
        EXPECT_EQ(base64_decoded(text), std::nullopt) << text;
}

}  // namespace
}  // namespace popkeep
