#include "oauth/access.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "base/clock.hpp"
#include "file/temporary_folder.hpp"

namespace popkeep::oauth {
namespace {

/// What somebody has signed in for, in a state folder of its own.
class StoredAccess : public testing::Test {
  protected:
    StoredAccess() {
        setenv("XDG_STATE_HOME", folder_.path().c_str(), 1);
        client_.account = "work";
        client_.user = "me@example.com";
        client_.id = "id";
        client_.token_url = "https://auth.example.com/token";
        tokens_.grant = "grant";
        tokens_.access = "access";
        tokens_.obtained_at = now();
    }
    ~StoredAccess() override { unsetenv("XDG_STATE_HOME"); }

    void save() const { Store(client_, Keep::file).save(tokens_); }
    std::shared_ptr<secret::TokenSource> source() const { return stored_tokens(client_, Keep::file, false); }
    /// What is told of a refresh token that was given for `life` seconds and has `left` of them.
    std::optional<std::string> warning(std::int64_t life, std::int64_t left) {
        tokens_.refresh = "refresh";
        tokens_.refresh_life = life;
        tokens_.refresh_expires_at = now() + left;
        save();
        const auto given = source();
        EXPECT_EQ(given->token().view(), "access");
        return given->take_warning();
    }

    test::TemporaryFolder folder_;
    Client client_;
    Tokens tokens_;
};

TEST_F(StoredAccess, TheEndOfASignInIsAnnouncedInTheLastQuarterOfItsLifeAtTheEarliest) {
    EXPECT_FALSE(warning(seconds_per_day, seconds_per_day / 2));
    EXPECT_TRUE(warning(seconds_per_day, seconds_per_day / 5));
}

TEST_F(StoredAccess, TheEndOfASignInForMonthsIsAnnouncedAWeekBefore) {
    EXPECT_FALSE(warning(90 * seconds_per_day, 8 * seconds_per_day));
    EXPECT_TRUE(warning(90 * seconds_per_day, 6 * seconds_per_day));
}

TEST_F(StoredAccess, ARefusedTokenThatNothingRenewsIsKept) {
    save();
    EXPECT_FALSE(source()->renew());
    EXPECT_EQ(Store(client_, Keep::file).load()->access, "access");
}

TEST_F(StoredAccess, ARefusedTokenIsGivenUpWhereAnotherCanBeHad) {
    tokens_.refresh = "refresh";
    save();
    EXPECT_TRUE(source()->renew());
    EXPECT_EQ(Store(client_, Keep::file).load()->access, "");
}

TEST_F(StoredAccess, IsOfOneUserOneClientAndOneServer) {
    save();
    Client user = client_;
    Client id = client_;
    Client server = client_;
    user.user = "you@example.com";
    id.id = "another";
    server.token_url = "https://elsewhere.example.com/token";
    for (const Client& other : {user, id, server}) EXPECT_FALSE(Store(other, Keep::file).load());
    EXPECT_TRUE(Store(client_, Keep::file).load());
}

}  // namespace
}  // namespace popkeep::oauth
