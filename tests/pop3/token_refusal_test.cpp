#include "pop3/token_refusal.hpp"

#include <gtest/gtest.h>

namespace popkeep::pop3 {
namespace {

struct Refused {
    const char *line, *complaint, *says;
    Category category;
};

TEST(TokenRefusal, TellsTokenFromScopeFromPolicyFromPassing) {
    for (const Refused& row :
         {Refused{"-ERR [AUTH] no", R"({"status":"401"})", "refused the access token", Category::permission},
          Refused{"-ERR no", R"({"status":400,"scope":"https://mail.google.com/"})",
                  "scope: https://mail.google.com/", Category::permission},
          Refused{"-ERR no", R"({"status":"insufficient_scope"})", "doesn't cover this mailbox",
                  Category::permission},
          Refused{"-ERR [AUTH] Logon failure", "", "POP access", Category::permission},
          Refused{"-ERR [AUTH] no", "\xff", "without saying why", Category::permission},
          Refused{"-ERR [SYS/TEMP] later", R"({"status":"401"})", "at the moment", Category::temporary},
          Refused{"-ERR [IN-USE] busy", "", "in use", Category::temporary},
          Refused{"-ERR [SYS/PERM] closed", "", "lasting", Category::unavailable}}) {
        const auto refused = token_refusal(*parse_reply(row.line), row.complaint, {}, "host:995");
        EXPECT_EQ(refused.category(), row.category) << row.line;
        EXPECT_NE(std::string(refused.what()).find(row.says), std::string::npos) << refused.what();
        EXPECT_EQ(refused.where(), "host:995");
    }
}

}  // namespace
}  // namespace popkeep::pop3
