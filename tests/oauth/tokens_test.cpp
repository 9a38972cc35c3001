#include "oauth/tokens.hpp"

#include <gtest/gtest.h>

namespace popkeep::oauth {
namespace {

TEST(Tokens, AreReadAsTheyWereWritten) {
    Tokens tokens;
    tokens.grant = "g";
    tokens.access = "access";
    tokens.refresh = "refresh";
    tokens.obtained_at = 7;
    tokens.expires_at = 8;
    tokens.refresh_expires_at = 9;
    tokens.refresh_life = 2;
    tokens.refused = "invalid_grant";
    tokens.warned_at = 6;
    const auto again = Tokens::from_json(tokens.to_json());
    ASSERT_TRUE(again);
    EXPECT_EQ(again->access, "access");
    EXPECT_EQ(again->refresh, "refresh");
    EXPECT_EQ(again->expires_at, 8);
    EXPECT_EQ(again->refresh_expires_at, 9);
    EXPECT_EQ(again->to_json(), tokens.to_json());
}

TEST(Tokens, OfAnotherFormatAreNone) {
    for (const char* text : {"", "{}", "{\"format\": 2, \"grant\": \"g\"}", "{\"format\": 1}"})
        EXPECT_FALSE(Tokens::from_json(text)) << text;
}

struct Row {
    const char* body;
    long status;
    Category category;
};

TEST(Tokens, ARefusalSaysWhatItWas) {
    Client client;
    client.account = "work";
    client.token_url = "https://auth.example.com/token";
    for (const Row& row : {Row{R"({"error": "invalid_grant"})", 400, Category::permission},
                           Row{R"({"error": "invalid_client"})", 401, Category::configuration},
                           Row{R"({"error": "invalid_scope"})", 400, Category::configuration},
                           Row{R"({"error": "temporarily_unavailable"})", 400, Category::temporary},
                           Row{R"({"error": "something_new"})", 400, Category::permission},
                           Row{R"({"error": "something_new"})", 500, Category::temporary},
                           Row{R"({"error": "something_new"})", 429, Category::temporary},
                           Row{R"({"error": "invalid_grant"})", 500, Category::permission},
                           Row{"busy", 503, Category::temporary}, Row{"{}", 429, Category::temporary},
                           Row{"<html>", 200, Category::protocol}, Row{"", 404, Category::protocol}}) {
        Answer answer;
        answer.status = row.status;
        answer.body = row.body;
        try {
            refuse(client, client.token_url, answer, {});
        } catch (const Error& error) {
            EXPECT_EQ(error.category(), row.category) << row.body;
            EXPECT_EQ(error.where(), "auth.example.com");
            EXPECT_FALSE(error.next().empty());
        }
    }
}

TEST(Tokens, ARefusalIsForGoodIfItsCodeSaysSo) {
    for (const char* code :
         {"invalid_grant", "interaction_required", "consent_required", "login_required", "access_denied"})
        EXPECT_TRUE(Refused(Error(Category::permission, ""), code).for_good()) << code;
    for (const char* code : {"something_new", "server_error", "invalid_client"})
        EXPECT_FALSE(Refused(Error(Category::permission, ""), code).for_good()) << code;
}

TEST(Tokens, ARefusalRepeatsNoSecret) {
    Client client;
    client.token_url = "https://auth.example.com/token";
    Answer answer;
    answer.status = 400;
    answer.body = R"({"error": "invalid_grant", "error_description": "bad r3fresh and r3fresh"})";
    try {
        refuse(client, client.token_url, answer,
               {{"grant_type", "refresh_token"}, {"refresh_token", "r3fresh"}});
    } catch (const Error& error) {
        EXPECT_EQ(error.said(), "invalid_grant: bad **** and ****");
    }
}

class AnAnswer : public testing::Test {
  protected:
    AnAnswer() { client_.token_url = "https://auth.example.com/token"; }

    Tokens tokens_in(const char* body, long status = 200) const {
        Answer answer;
        answer.status = status;
        answer.body = body;
        return oauth::tokens_in(client_, answer, {{"refresh_token", "R3fresh"}});
    }

    Client client_;
};

TEST_F(AnAnswer, BringsTokensAndTheirEnds) {
    const Tokens tokens = tokens_in(
        R"({"access_token": "a", "refresh_token": "r", "expires_in": "60", "refresh_expires_in": 70.5,
            "token_type": "bearer", "scope": "mail"})");
    EXPECT_EQ(tokens.access, "a");
    EXPECT_EQ(tokens.refresh, "r");
    EXPECT_EQ(tokens.scope, "mail");
    EXPECT_GE(tokens.expires_at.value(), tokens.obtained_at + 60);
    EXPECT_EQ(tokens.refresh_life, 70);
}

TEST_F(AnAnswer, WithoutAnAccessTokenOrWithABadStatusIsNone) {
    EXPECT_THROW(tokens_in(R"({"refresh_token": "r"})"), Error);
    EXPECT_THROW(tokens_in(R"({"access_token": "a"})", 400), Error);
}

TEST_F(AnAnswer, OfAnUnknownKindRepeatsNoSecret) {
    try {
        tokens_in(R"({"access_token": "a", "token_type": "R3fresh MAC"})");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.category(), Category::protocol);
        EXPECT_EQ(error.said(), "**** MAC");
    }
}

}  // namespace
}  // namespace popkeep::oauth
