#include <gtest/gtest.h>

#include "config/file.hpp"

namespace popkeep::config {
namespace {

Configuration configured(std::string_view text) {
    return parse(text, "/etc/popkeep.toml");
}

TEST(Defaults, HoldWhereAnAccountSaysNothing) {
    const Configuration all = configured(
        "[account.a]\nurl = \"pop3s://h\"\ndelete = \"never\"\npassword_file = \"/pw\"\n"
        "[account.b]\nurl = \"pop3s://h\"\n"
        "[defaults]\ndelete = \"fetched\"\npassword_command = \"pass show {account}\"\n");
    EXPECT_EQ(to_text(all.get("a").deletion), "never");
    EXPECT_EQ(all.get("a").password.file, "/pw");
    EXPECT_TRUE(all.get("a").password.command.empty());
    EXPECT_EQ(to_text(all.get("b").deletion), "fetched");
    EXPECT_EQ(all.get("b").password.command.size(), 3U);
}

TEST(Defaults, AnAccountsOwnSourceOfTheProxysPasswordComesBeforeTheDefaults) {
    const Configuration all = configured(
        "[defaults]\nproxy = \"socks5h://me@p:1\"\nproxy_password_command = \"pass show proxy\"\n"
        "[account.a]\nurl = \"pop3s://h\"\nproxy_password_file = \"/pw\"\n"
        "[account.b]\nurl = \"pop3s://h\"\n");
    EXPECT_EQ(all.get("a").proxy, "socks5h://p:1");
    EXPECT_EQ(all.get("a").proxy_user, "me");
    EXPECT_EQ(all.get("a").proxy_password.file, "/pw");
    EXPECT_EQ(all.get("a").proxy_password.count(), 1);
    EXPECT_EQ(all.get("b").proxy_password.command.size(), 3U);
}

TEST(Defaults, AnAccountsOwnProxyTakesNoPasswordOfAnother) {
    const Configuration all = configured(
        "[defaults]\nproxy = \"socks5h://me@p:1\"\nproxy_password_file = \"/pw\"\n"
        "[account.a]\nurl = \"pop3s://h\"\nproxy = \"http://q:2\"\n"
        "[account.b]\nurl = \"pop3s://h\"\nproxy = \"http://you@q:2\"\nproxy_password_file = \"/other\"\n");
    EXPECT_EQ(all.get("a").proxy, "http://q:2");
    EXPECT_EQ(all.get("a").proxy_user, "");
    EXPECT_TRUE(all.get("a").proxy_password.empty());
    EXPECT_EQ(all.get("b").proxy_user, "you");
    EXPECT_EQ(all.get("b").proxy_password.file, "/other");
}

TEST(Defaults, AnAccountsOwnWayToTheServerReplacesTheDefaults) {
    const Configuration all = configured(
        "[defaults]\nproxy = \"socks5h://me@p:1\"\nproxy_password_file = \"/pw\"\n"
        "[account.a]\nurl = \"pop3s://h\"\ntunnel = \"nc h 110\"\n"
        "[account.b]\nurl = \"pop3s://h\"\nsocket = \"/s\"\n");
    for (const char* name : {"a", "b"}) {
        EXPECT_EQ(all.get(name).proxy, "") << name;
        EXPECT_EQ(all.get(name).proxy_user, "") << name;
        EXPECT_TRUE(all.get(name).proxy_password.empty()) << name;
    }
    EXPECT_EQ(all.get("a").tunnel.size(), 3U);
    EXPECT_EQ(all.get("b").socket, "/s");
    const Configuration other = configured(
        "[defaults]\ntunnel = \"nc h 110\"\n"
        "[account.a]\nurl = \"pop3s://h\"\nproxy = \"http://q:2\"\n");
    EXPECT_EQ(other.get("a").proxy, "http://q:2");
    EXPECT_TRUE(other.get("a").tunnel.empty());
}

TEST(Defaults, ATokenCommandIsNoSourceOfAnAccountWithItsOwnPassword) {
    const Configuration all = configured(
        "[defaults]\ntoken_command = \"oama access\"\n"
        "[account.a]\nurl = \"pop3s://h\"\npassword_file = \"/pw\"\n"
        "[account.b]\nurl = \"pop3s://h\"\n");
    EXPECT_TRUE(all.get("a").token_command.empty());
    EXPECT_EQ(all.get("b").token_command.size(), 2U);
}

TEST(Defaults, AnAccountsOwnSourceOfTheClientsSecretReplacesTheirs) {
    const Configuration all = configured(
        "[defaults]\noauth_client_id = \"id\"\noauth_client_secret = \"hush\"\n"
        "[account.a]\nurl = \"pop3s://h\"\noauth_client_secret_file = \"/s\"\n");
    EXPECT_EQ(all.get("a").oauth.client_secret.text, nullptr);
    EXPECT_EQ(all.get("a").oauth.client_secret.file, "/s");
}

}  // namespace
}  // namespace popkeep::config
