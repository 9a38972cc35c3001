#include "pop3/login.hpp"

#include <gtest/gtest.h>

namespace popkeep::pop3 {
namespace {

Capabilities offering(std::initializer_list<const char*> lines) {
    Capabilities capabilities;
    for (const auto* line : lines) capabilities.add(line);
    return capabilities;
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

TEST(Login, ARefusalOfAuthItselfIsTheMechanismsFault) {
    const auto refused = [](const char* line) {
        return mechanism_refused(*parse_reply(line), Mechanism::scram_sha_1, {}, "host:995");
    };
    const auto unknown = refused("-ERR Unsupported authentication mechanism.");
    EXPECT_EQ(unknown.category(), Category::protocol);
    EXPECT_FALSE(unknown.credential_refused());
    EXPECT_NE(unknown.sentence().find("SCRAM-SHA-1"), std::string::npos);
    EXPECT_EQ(refused("-ERR [IN-USE] later").category(), Category::temporary);
    EXPECT_EQ(refused("-ERR [AUTH] no").category(), Category::permission);
}

TEST(Login, WhatAMechanismProvesMustBeThere) {
    const auto refused = [](Login login) { EXPECT_THROW(check_credentials(login), Error); };
    refused({"me", "", Mechanism::cram_md5, false});
    refused({"me", "secret", Mechanism::external, false});
    refused({"me", "secret", Mechanism::xoauth2, false});
    EXPECT_NO_THROW(check_credentials({"me", "", Mechanism::external, false}));
    EXPECT_NO_THROW(check_credentials({"me", "", Mechanism::gssapi, false}));
    EXPECT_NO_THROW(check_credentials({"me", "token", Mechanism::xoauth2, true}));
}

TEST(Login, CredentialsThatWouldBecomeTwoCommandsAreRefused) {
    const auto refused = [](std::string user, std::string password) {
        EXPECT_THROW(check_credentials({std::move(user), std::move(password), {}, false}), Error);
    };
    refused("me\r\nDELE 1", "secret");
    refused("me", "secret\n");
    refused("me", std::string("sec\0ret", 7));
    refused("", "secret");
    EXPECT_NO_THROW(check_credentials({"me", " secret with spaces ", {}, false}));
}

}  // namespace
}  // namespace popkeep::pop3
