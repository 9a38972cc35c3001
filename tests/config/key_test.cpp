#include "config/key.hpp"

#include "config/refusal.hpp"

namespace popkeep::config {
namespace {

TEST(Key, AFlagSetsWhatTheFileWould) {
    Account account;
    set(account, "max_delete", "20%", "/base");
    set(account, "limit", "7", "/base");
    set(account, "archive", "Mail", "/base");
    set(account, "pipelining", "off", "/base");
    EXPECT_EQ(account.max_delete, (MaxDelete{20, true}));
    EXPECT_EQ(account.limit, 7U);
    EXPECT_EQ(account.archive, "/base/Mail");
    EXPECT_FALSE(account.pipelining);
}

TEST(Key, AFlagForThePasswordReplacesTheSource) {
    Account account;
    set(account, "password_file", "secret", "/base");
    set(account, "password_command", "pass show x", "/base");
    EXPECT_EQ(account.password.count(), 1);
    EXPECT_EQ(account.password.command.size(), 3U);
}

TEST(Key, AFlagForTheProxysPasswordReplacesTheSource) {
    Account account;
    set(account, "proxy_password_command", "pass show proxy", "/base");
    set(account, "proxy_password_file", "secret", "/base");
    EXPECT_EQ(account.proxy_password.count(), 1);
    EXPECT_EQ(account.proxy_password.file, "/base/secret");
}

TEST(Key, AFlagForThePasswordReplacesTheTokensSource) {
    Account account;
    set(account, "token_command", "oama access", "/base");
    set(account, "password_file", "secret", "/base");
    EXPECT_TRUE(account.token_command.empty());
}

TEST(Key, AFlagsDefectIsAUsageError) {
    Account account;
    EXPECT_EQ(refusal([&] { set(account, "limit", "0", "/"); }),
              "'0' is not a number within the limits; give 1 to 9223372036854775807");
}

TEST(Key, ThePasswordItselfHasNoFlag) {
    Account account;
    EXPECT_THROW(set(account, "password", "hush", "/"), Error);
    EXPECT_THROW(set(account, "no_such_key", "x", "/"), Error);
}

}  // namespace
}  // namespace popkeep::config
