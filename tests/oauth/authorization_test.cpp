#include "oauth/authorization.hpp"

#include <gtest/gtest.h>

namespace popkeep::oauth {
namespace {

class AnAuthorization : public testing::Test {
  protected:
    AnAuthorization() {
        client_.account = "work";
        client_.user = "me@example.com";
        client_.id = "id";
        client_.authorization_url = "https://auth.example.com/authorize?prompt=consent";
        client_.scope = "mail offline_access";
    }

    /// What the authorization server would send the browser back with.
    static std::string state_of(const std::string& url) {
        const std::size_t begin = url.find("state=") + 6;
        return url.substr(begin, url.find('&', begin) - begin);
    }

    Client client_;
};

TEST_F(AnAuthorization, AsksWithPkceAndState) {
    const Authorization one(client_, "http://127.0.0.1:7/");
    const std::string url = one.url();
    EXPECT_TRUE(url.starts_with("https://auth.example.com/authorize?prompt=consent&response_type=code"))
        << url;
    for (const char* part : {"&redirect_uri=http%3A%2F%2F127.0.0.1%3A7%2F", "&code_challenge_method=S256",
                             "&scope=mail%20offline_access", "&login_hint=me%40example.com"})
        EXPECT_NE(url.find(part), std::string::npos) << part;
    EXPECT_NE(url, Authorization(client_, "http://127.0.0.1:7/").url());
    EXPECT_GE(state_of(url).size(), 22U);
}

TEST_F(AnAuthorization, TakesItsOwnAnswerOnly) {
    Authorization one(client_, "http://127.0.0.1:7/");
    using Reading = Authorization::Reading;
    const std::string state = state_of(one.url());
    EXPECT_EQ(one.read("/?code=x&state=" + state.substr(1)), Reading::foreign);
    EXPECT_EQ(one.read("/?code=x&state=" + std::string(state.size(), 'A')), Reading::foreign);
    EXPECT_EQ(one.read("/?code=x"), Reading::nothing);
    EXPECT_EQ(one.read("/?state=" + state), Reading::nothing);
    EXPECT_EQ(one.read("/?error=&state=" + state), Reading::nothing);
    EXPECT_EQ(one.read(""), Reading::nothing);
    EXPECT_EQ(one.read("http://127.0.0.1:7/?code=a%2Fb&state=" + state + "#_"), Reading::code);
    EXPECT_EQ(one.read("code=x&state=" + state), Reading::code);
}

TEST_F(AnAuthorization, ANoThatIsNotItsOwnEndsNothing) {
    Authorization one(client_, "http://127.0.0.1:7/");
    EXPECT_EQ(one.read("/?error=access_denied&state=AAAAAAAAAAAAAAAAAAAAAA"),
              Authorization::Reading::foreign);
    EXPECT_EQ(one.read("/?error=access_denied"), Authorization::Reading::nothing);
}

TEST_F(AnAuthorization, ThrowsWhatTheServerSaysNoWith) {
    Authorization one(client_, "http://127.0.0.1:7/");
    const std::string state = state_of(one.url());
    try {
        one.read("/?error=access_denied&error_description=no%0Away&state=" + state);
        FAIL();
    } catch (const Refused& refused) {
        EXPECT_EQ(refused.code(), "access_denied");
        EXPECT_EQ(refused.category(), Category::permission);
        EXPECT_EQ(refused.said(), "access_denied: no\\nway");
    }
}

}  // namespace
}  // namespace popkeep::oauth
