#include "pop3/mask.hpp"

#include <gtest/gtest.h>

#include "base/base64.hpp"

using namespace popkeep;
using pop3::masked;

TEST(Mask, HidesASecretWhereverItIsRepeated) {
    EXPECT_EQ(masked("PASS hush hush? no: hushhush", "hush"), "PASS **** ****? no: ********");
}

TEST(Mask, HidesWhatHasItInBase64) {
    using namespace std::string_literals;
    const std::string secret = "open sesame";
    for (const std::string& message :
         {"\0me\0"s + secret, secret, "user=me\1auth=Bearer "s + secret + "\1\1"s, "a" + secret,
          "ab" + secret})
        EXPECT_EQ(
            masked("unknown command " + base64(message).substr(0, base64(message).find('=')) + " (AUTH)",
                   secret),
            "unknown command **** (AUTH)")
            << message;
}

TEST(Mask, LeavesOtherWordsAlone) {
    const std::string text = "no such user: c29tZXRoaW5n, AUTH=PLAIN 4/4 [SYS/TEMP] a==b";
    EXPECT_EQ(masked(text, "open sesame"), text);
    EXPECT_EQ(masked("abc of it", "abc"), "abc of it");
}
