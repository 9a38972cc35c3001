#include "oauth/mask.hpp"

#include <gtest/gtest.h>

#include "base/base64.hpp"

namespace popkeep::oauth {
namespace {

std::string shown(const std::string& text, const std::string& secret) {
    return without_secrets(text, {{"grant_type", "refresh_token"}, {"refresh_token", secret}});
}

TEST(Mask, HidesASecretWhereverItIs) {
    EXPECT_EQ(shown("bad r3fresh and r3freshr3fresh.", "r3fresh"), "bad **** and ********.");
    EXPECT_EQ(shown("bad refresh", "r3fresh"), "bad refresh");
}

TEST(Mask, HidesAPercentEncodedSecret) {
    for (const char* text : {"token=M.C5%21s%2Aret%2Fval%2Bue%24%25!", "token=M.C5!s*ret/val%2bue%24%25!",
                             "token=%4d.C5!s*ret%2fval+ue$%!"})
        EXPECT_EQ(shown(text, "M.C5!s*ret/val+ue$%"), "token=****!") << text;
    EXPECT_EQ(shown("100%, a+b%20c: client%20secret+more %4", "client secret more"),
              "100%, a+b%20c: **** %4");
}

TEST(Mask, HidesASecretThatLooksPercentEncoded) {
    EXPECT_EQ(shown("bad a%41b, a%2541b", "a%41b"), "bad ****, ****");
}

TEST(Mask, HidesTheClientAsBasicAuthenticationHasIt) {
    const Form form{{"client_id", "a:b"}, {"client_secret", "secret & more"}};
    EXPECT_EQ(without_secrets("a:b: Basic " + base64("a%3Ab:secret%20%26%20more"), form), "a:b: Basic ****");
}

TEST(Mask, ComesToAnEndForASecretOfAsterisks) {
    for (const char* secret : {"*", "**", "***", "****", "*****"})
        EXPECT_EQ(shown(std::string("x") + secret + "y", secret).front(), 'x') << secret;
}

TEST(Mask, LeavesWhatIsNoSecret) {
    EXPECT_EQ(without_secrets("refresh_token of popkeep for mail",
                              {{"grant_type", "refresh_token"}, {"client_id", "popkeep"}, {"scope", "mail"}}),
              "refresh_token of popkeep for mail");
}

}  // namespace
}  // namespace popkeep::oauth
