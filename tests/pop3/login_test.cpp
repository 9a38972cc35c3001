#include "pop3/login.hpp"

#include <gtest/gtest.h>

namespace popkeep::pop3 {
namespace {

Capabilities offering(std::initializer_list<const char*> lines) {
    Capabilities capabilities;
    for (const auto* line : lines) capabilities.add(line);
    return capabilities;
}

TEST(Login, IsByUserAndPassWhereOfferedOrNothingIsKnown) {
    EXPECT_EQ(choose_method(Mechanism::automatic, {}), Method::user_pass);
    EXPECT_EQ(choose_method(Mechanism::automatic, offering({"USER", "SASL PLAIN"})), Method::user_pass);
    EXPECT_EQ(choose_method(Mechanism::automatic, offering({"TOP", "SASL XOAUTH2"})), Method::user_pass);
    EXPECT_EQ(choose_method(Mechanism::automatic, offering({"TOP"})), Method::user_pass);
}

TEST(Login, IsBySaslPlainWhereOnlyThatIsOffered) {
    EXPECT_EQ(choose_method(Mechanism::automatic, offering({"SASL LOGIN plain"})), Method::auth_plain);
    EXPECT_EQ(choose_method(Mechanism::user, offering({"SASL PLAIN"})), Method::user_pass);
    EXPECT_EQ(choose_method(Mechanism::apop, {}), Method::libcurl);
}

struct Refused {
    const char* line;
    Category category;
    bool auth_resp_code = false;
};

TEST(Login, RefusalsKeepTheirClass) {
    const std::vector<Refused> rows{
        {"-ERR [AUTH] invalid credentials", Category::permission},
        {"-ERR [AUTH] please wait", Category::permission},
        {"-ERR", Category::permission},
        {"-ERR invalid password", Category::permission},
        {"-ERR your account is blocked", Category::permission},
        {"-ERR invalid password", Category::temporary, true},
        {"-ERR [IN-USE] busy", Category::temporary},
        {"-ERR [LOGIN-DELAY] 300 seconds", Category::temporary},
        {"-ERR [SYS/TEMP] later", Category::temporary},
        {"-ERR [SYS/PERM] broken", Category::unavailable},
        {"-ERR maildrop already locked", Category::temporary},
        {"-ERR Can't get lock. Mailbox in use", Category::temporary},
        {"-ERR Busy, try again later", Category::temporary},
        {"-ERR wait a minute", Category::temporary},
    };
    for (const auto& row : rows) {
        const auto capabilities = row.auth_resp_code ? offering({"AUTH-RESP-CODE"}) : Capabilities();
        const auto error = refusal(*parse_reply(row.line), capabilities, "host:995");
        EXPECT_EQ(error.category(), row.category) << row.line;
        EXPECT_EQ(error.credential_refused(), row.category == Category::permission) << row.line;
        EXPECT_EQ(error.where(), "host:995");
        EXPECT_FALSE(error.next().empty());
    }
}

TEST(Login, CredentialsThatWouldBecomeTwoCommandsAreRefused) {
    const auto refused = [](std::string user, std::string password) {
        EXPECT_THROW(check_credentials({std::move(user), std::move(password), {}}), Error);
    };
    refused("me\r\nDELE 1", "secret");
    refused("me", "secret\n");
    refused("me", std::string("sec\0ret", 7));
    refused("", "secret");
    EXPECT_NO_THROW(check_credentials({"me", " secret with spaces ", {}}));
}

}  // namespace
}  // namespace popkeep::pop3
