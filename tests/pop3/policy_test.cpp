#include "pop3/policy.hpp"

#include <gtest/gtest.h>

#include <string>

namespace popkeep::pop3 {
namespace {

std::string meaning_of(std::string_view text) {
    const auto policy = policy_of(text);
    return policy ? policy->sentence() : "";
}

TEST(Policy, IsReadFromTheWordsOfProviders) {
    for (const auto& [text, says] :
         {std::pair("[AUTH] Application-specific password required: https://support.google.com/accounts/?p=x",
                    "app password"),
          std::pair("[SYS/PERM] Your account is not enabled for POP access. Please visit your settings page",
                    "switched off"),
          std::pair("[AUTH] Web login required: https://support.google.com/mail/answer/78754",
                    "web site first"),
          std::pair("Logon failure: BasicAuthBlocked", "no passwords any more"),
          std::pair("[AUTH] Plaintext authentication disallowed on non-secure (SSL/TLS) connections.",
                    "unencrypted link"),
          std::pair("your account is blocked", "blocked the account")})
        EXPECT_NE(meaning_of(text).find(says), std::string::npos) << text;
}

TEST(Policy, IsNotReadIntoAWrongPassword) {
    for (const char* text :
         {"", "[AUTH] Username and password not accepted.", "[AUTH] Authentication failed.",
          "Logon failure: unknown user name or bad password.", "maildrop already locked",
          "[SYS/PERM] mailbox is broken"})
        EXPECT_EQ(meaning_of(text), "") << text;
}

}  // namespace
}  // namespace popkeep::pop3
