#include "config/oauth.hpp"

#include "config/refusal.hpp"

namespace popkeep::config {
namespace {

TEST(OAuth, AddressesAreHttpsOrOnThisMachine) {
    for (const char* url : {"https://a.example/x", "http://127.0.0.1", "http://[::1]:8/",
                            "http://localhost:80/x?y", "https://a.example:65535?y"})
        EXPECT_EQ(parse_web_url(url), url);
    for (const char* url :
         {"", "a.example/x", "ftp://a/", "http://a.example/", "http://127.0.0.1.example/",
          "http://localhost@a.example/", "https://", "https:///x", "https://a b/", "https://a/\n",
          "https://me:pw@a/", "https://a/#x", "http://127.0.0.1:99999/", "http://localhost:80800",
          "https://a:0/", "https://a:/", "https://a:x/", "http://[::1]7/"})
        EXPECT_THROW(parse_web_url(url), Error) << url;
}

TEST(OAuth, ScopesAreOneLineOfText) {
    EXPECT_EQ(parse_scope("https://mail.google.com/ offline_access"),
              "https://mail.google.com/ offline_access");
    for (const char* scope : {"", "a\nb", "a\"b", "\xc3\xa9"})
        EXPECT_THROW(parse_scope(scope), Error) << scope;
}

TEST(OAuth, TokensAreKeptInAFileOrTheKeyring) {
    EXPECT_EQ(parse_store("keyring"), OAuth::Store::keyring);
    EXPECT_EQ(to_text(parse_store("file")), "file");
    EXPECT_EQ(refusal([] { parse_store("disk"); }), "'disk' is not a place for tokens; give file or keyring");
}

}  // namespace
}  // namespace popkeep::config
