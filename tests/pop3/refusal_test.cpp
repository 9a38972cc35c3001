#include "pop3/refusal.hpp"

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

TEST(Refusal, KeepsItsClass) {
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

TEST(Refusal, OfAuthItselfIsTheMechanismsFault) {
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

TEST(Refusal, ByARuleOfTheProviderIsNotTakenForAWrongPassword) {
    for (const char* line : {"-ERR [AUTH] Application-specific password required",
                             "-ERR [SYS/PERM] Your account is not enabled for POP access."}) {
        const auto error = refusal(*parse_reply(line), {}, "host:995");
        EXPECT_EQ(error.category(), Category::permission) << line;
        EXPECT_EQ(error.sentence().find("user name or password"), std::string::npos) << error.what();
    }
}

TEST(Refusal, NamesWhatWasProven) {
    const auto sentence = [](sasl::Proof proven) {
        return refusal(*parse_reply("-ERR [AUTH] no"), {}, "host:995", proven).sentence();
    };
    EXPECT_NE(sentence(sasl::Proof::certificate).find("client certificate"), std::string::npos);
    EXPECT_NE(sentence(sasl::Proof::token).find("access token"), std::string::npos);
    EXPECT_NE(sentence(sasl::Proof::ticket).find("Kerberos ticket"), std::string::npos);
}

}  // namespace
}  // namespace popkeep::pop3
