#include <gtest/gtest.h>

#include "config/file.hpp"

namespace popkeep::config {
namespace {

const std::string some_pin = "sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

Configuration read(std::string_view text) {
    return parse(text, "/etc/popkeep.toml");
}

std::string report(std::string_view text) {
    try {
        read(text);
    } catch (const Invalid& invalid) {
        EXPECT_EQ(invalid.category(), Category::configuration);
        EXPECT_TRUE(invalid.report().starts_with(invalid.what()));
        return invalid.report();
    }
    ADD_FAILURE() << "it was taken: " << text;
    return "";
}

/// A value of [account.a], which is otherwise as it should be.
std::string report_of(const std::string& line) {
    return report("[account.a]\nurl = \"pop3://me@h\"\n" + line + "\n");
}

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

TEST(Configuration, SaysEverythingOfAnAccount) {
    const Configuration all = read(R"(
[account.work]
url = "pop3://h:1110"
user = "me@example.com"
enabled = false
id = "mine"
archive = "Mail"
file = "{account}/%Y.mbox"
delete = "after:30d"
max_delete = "20%"
limit = 7
tls = "off"
ca = "ca.pem"
pin = ["sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="]
client_cert = "c.pem"
client_key = "/k.pem"
proxy = "socks5h://p:1080"
auth = "apop"
password_command = ["pass", "show", "a b"]
timeout = 90
pipelining = false
)");
    ASSERT_EQ(all.accounts.size(), 1U);
    const Account& a = all.accounts[0];
    EXPECT_EQ(a.name, "work");
    EXPECT_EQ(a.url.host, "h");
    EXPECT_EQ(a.url.port, 1110);
    EXPECT_EQ(a.url.user, "me@example.com");
    EXPECT_EQ(a.url.transport, Transport::plaintext);
    EXPECT_FALSE(a.enabled);
    EXPECT_EQ(a.id, "mine");
    EXPECT_EQ(a.archive, "/etc/Mail");
    EXPECT_EQ(a.file, "{account}/%Y.mbox");
    EXPECT_EQ(to_text(a.deletion), "after:30d");
    EXPECT_EQ(a.max_delete, (MaxDelete{20, true}));
    EXPECT_EQ(a.limit, 7U);
    EXPECT_EQ(a.ca, "/etc/ca.pem");
    EXPECT_EQ(a.pins, std::vector{some_pin});
    EXPECT_EQ(a.client_cert, "/etc/c.pem");
    EXPECT_EQ(a.client_key, "/k.pem");
    EXPECT_EQ(a.proxy, "socks5h://p:1080");
    EXPECT_EQ(a.auth, sasl::Mechanism::apop);
    EXPECT_EQ(a.password.command, (std::vector<std::string>{"pass", "show", "a b"}));
    EXPECT_EQ(a.timeout, std::chrono::seconds(90));
    EXPECT_FALSE(a.pipelining);
}

TEST(Configuration, LeavesTheRestAtItsDefaults) {
    const Account a = read("[account.a]\nurl = \"pop3s://me@h\"\n").accounts.at(0);
    EXPECT_TRUE(a.enabled);
    EXPECT_EQ(a.file, "{account}.mbox");
    EXPECT_EQ(a.deletion, DeletePolicy{});
    EXPECT_TRUE(a.password.empty());
    EXPECT_TRUE(a.pipelining);
    EXPECT_EQ(a.max_delete, std::nullopt);
}

TEST(Configuration, KeepsTheOrderOfTheFile) {
    const Configuration all = read(
        "[account.z]\nurl = \"pop3s://h\"\n[account.a]\nurl = \"pop3s://h\"\n[account.\"m é\"]\nurl = "
        "\"pop3s://h\"\n");
    ASSERT_EQ(all.accounts.size(), 3U);
    EXPECT_EQ(all.accounts[0].name, "z");
    EXPECT_EQ(all.accounts[1].name, "a");
    EXPECT_EQ(all.accounts[2].name, "m é");
}

TEST(Configuration, MayHoldAPassword) {
    EXPECT_EQ(
        read("[account.a]\nurl = \"pop3s://h\"\npassword = \"hush\"\n").accounts[0].password.text->view(),
        "hush");
}

TEST(Configuration, MayBeEmpty) {
    EXPECT_TRUE(read("# nothing yet\n").accounts.empty());
}

TEST(Configuration, AnUnknownAccountIsToldWithTheNearest) {
    const Configuration all =
        read("[account.work]\nurl = \"pop3s://h\"\n[account.home]\nurl = \"pop3s://h\"\n");
    const auto line = [](const Configuration& c, std::string_view name) -> std::string {
        try {
            static_cast<void>(c.get(name));
        } catch (const Error& error) {
            EXPECT_EQ(error.category(), Category::usage);
            return error.what();
        }
        return "";
    };
    EXPECT_EQ(line(all, "wrok"), "/etc/popkeep.toml: there is no account 'wrok'; did you mean 'work'?");
    EXPECT_EQ(line(all, "entirely-else"),
              "/etc/popkeep.toml: there is no account 'entirely-else'; its accounts: work home");
    EXPECT_EQ(line(read(""), "x"), "/etc/popkeep.toml: there is no account 'x'; it has no accounts");
}

TEST(Configuration, AnUnknownKeyIsToldWithItsPlaceAndWhatIsAllowed) {
    EXPECT_EQ(
        report_of("delte = \"never\""),
        "/etc/popkeep.toml:3:1: unknown key 'delte' in [account.a]; did you mean 'delete'? allowed: "
        "url, user, "
        "enabled, id, archive, file, delete, max_delete, limit, tls, ca, pin, client_cert, client_key, "
        "tls_min, proxy, proxy_password_command, proxy_password_file, source_address, ip_version, socket, "
        "tunnel, auth, "
        "password, password_command, password_file, token_command, oauth_client_id, oauth_client_secret, "
        "oauth_client_secret_command, oauth_client_secret_file, oauth_authorization_url, "
        "oauth_token_url, oauth_device_url, oauth_redirect_url, oauth_scope, oauth_ca, oauth_store, "
        "timeout, pipelining, after_fetch, ping_url\n"
        "  3 | delte = …\n"
        "    | ^\n");
    EXPECT_TRUE(contains(report("[defaults]\nxyzzyplugh = 1\n"),
                         "unknown key 'xyzzyplugh' in [defaults]; allowed: enabled, archive, "));
}

TEST(Configuration, AnUnknownTableIsTold) {
    EXPECT_EQ(report("[acount.a]\nurl = \"pop3s://h\"\n"),
              "/etc/popkeep.toml:1:2: unknown table or key 'acount'; did you mean 'account'? allowed: "
              "[defaults] and "
              "[account.NAME]\n  1 | [acount …\n    |  ^\n");
    EXPECT_TRUE(
        contains(report("delete = \"never\"\n"),
                 ":1:1: 'delete' stands outside of every table; allowed: [defaults] and [account.NAME]"));
    EXPECT_TRUE(contains(report("defaults = 1\n"),
                         "'defaults' must be a table; write [defaults] and [account.NAME]"));
    EXPECT_TRUE(contains(report("[account]\na = 1\n"), "[account.a] must be a table; write [account.NAME]"));
    EXPECT_TRUE(contains(report("[[account]]\na = 1\n"), "'account' must be a table"));
    EXPECT_TRUE(contains(report_of("[account.a.sub]\nx = 1"), "unknown key 'sub' in [account.a]"));
}

TEST(Configuration, AWrongTypeIsToldWithWhatIsAllowed) {
    EXPECT_EQ(
        report_of("delete = 7"),
        "/etc/popkeep.toml:3:10: 'delete' can't be a number; give \"never\", \"fetched\", \"after:30d\" or "
        "\"keep:100\"\n  3 | delete = 7\n    |          ^\n");
    EXPECT_TRUE(contains(report_of("limit = 1.5"),
                         "'limit' can't be a number with a fraction; give a number of messages"));
    EXPECT_TRUE(contains(report_of("enabled = \"yes\""), "'enabled' can't be text; give true or false"));
    EXPECT_TRUE(contains(report_of("ca = 2026-01-01"), "'ca' can't be a date or time"));
    EXPECT_TRUE(contains(report_of("file = []"), "'file' can't be a list"));
    EXPECT_TRUE(contains(report_of("auth = {}"), "'auth' can't be a table"));
    EXPECT_TRUE(contains(report_of("delete = true"), "'delete' can't be true or false"));
    EXPECT_TRUE(contains(report_of("pin = [1]"), "'pin' must be a list of texts"));
}

TEST(Configuration, AWrongValueIsToldByItsValidator) {
    EXPECT_EQ(report_of("delete = \"sometimes\""),
              "/etc/popkeep.toml:3:10: 'delete': 'sometimes' is not a delete policy; give never, fetched, "
              "after:30d (s, "
              "m, h, d, w) or keep:100\n  3 | delete = \"sometimes\"\n    |          ^\n");
    EXPECT_TRUE(contains(report_of("limit = -1"), "'limit': '-1' is not a number within the limits"));
    EXPECT_TRUE(contains(report_of("pin = []"), "'pin': the list of pins is empty"));
    EXPECT_TRUE(contains(report_of("password_command = []"), "'password_command': the command is empty"));
    EXPECT_TRUE(
        contains(report_of("password = \"\""), "'password': the password from the key 'password' is empty"));
    EXPECT_TRUE(contains(report("[account.a]\nurl = \"pop3s://h\"\ntls = \"off\"\n"),
                         "'tls': tls is off, but the URL says pop3s://"));
}

TEST(Configuration, AnAccountNeedsAUrl) {
    EXPECT_TRUE(contains(
        report("[account.a]\ntls = false\n"),
        "/etc/popkeep.toml:1:10: [account.a] has no url; give pop3s://user@host[:port], or pop3:// for "
        "STLS\n  1 | [account.a …\n"));
}

TEST(Configuration, SomeKeysBelongToOneAccount) {
    for (const std::string line :
         {"url = \"pop3s://h\"", "user = \"me\"", "id = \"x\"", "tls = \"off\"", "password = \"x\""}) {
        const std::string told = report("[defaults]\n" + line);
        EXPECT_TRUE(contains(told, "can't stand in [defaults]; give it in [account.NAME]\n")) << told;
    }
}

TEST(Configuration, TwoSourcesForAPasswordAreRefused) {
    EXPECT_TRUE(contains(
        report_of("password_file = \"x\"\npassword_command = \"y\""),
        "a second source for password or token in [account.a]; keep one of password, password_command, "
        "password_file, token_command and oauth_client_id"));
}

TEST(Configuration, TwoSourcesForTheProxysPasswordAreRefused) {
    EXPECT_TRUE(contains(
        report_of("proxy_password_file = \"x\"\nproxy_password_command = \"y\""),
        "/etc/popkeep.toml:3:1: a second source for the proxy's password in [account.a]; keep one of "
        "proxy_password_command and proxy_password_file"));
}

TEST(Configuration, NamesThatLookLikeSomethingElseAreRefused) {
    EXPECT_TRUE(contains(report("[account.-x]\nurl = \"pop3s://h\""), "must not look like a flag or a URL"));
    EXPECT_TRUE(
        contains(report("[account.\"a://b\"]\nurl = \"pop3s://h\""), "must not look like a flag or a URL"));
    EXPECT_TRUE(contains(report("[account.\"\"]\nurl = \"pop3s://h\""), "the account's name is empty"));
}

TEST(Configuration, AKeyWithoutACertificateIsRefused) {
    EXPECT_TRUE(contains(report_of("client_key = \"/k\""),
                         "[account.a] has a client_key but no client_cert; give both"));
}

TEST(Configuration, AllProblemsAreToldInTheirOrder) {
    const std::string told = report("[account.b]\nurl = 1\nlimit = 0\n[defaults]\nx = 1\n[account.a]\n");
    const std::size_t first = told.find(":2:7: 'url'");
    const std::size_t second = told.find(":3:9: 'limit'");
    const std::size_t third = told.find(":5:1: unknown key 'x'");
    const std::size_t fourth = told.find(":6:10: [account.a] has no url");
    EXPECT_TRUE(first < second && second < third && third < fourth && fourth != std::string::npos) << told;
}

TEST(Configuration, AFloodOfProblemsIsCut) {
    std::string text = "[defaults]\n";
    for (int i = 0; i < 30; ++i) text += "x" + std::to_string(i) + " = 1\n";
    EXPECT_TRUE(report(text).ends_with("and 10 more\n"));
}

TEST(Configuration, TextWithoutQuotesIsTold) {
    EXPECT_EQ(report_of("delete = never"),
              "/etc/popkeep.toml:3:10: 'delete': text must stand in quotes; give \"never\", \"fetched\", "
              "\"after:30d\" or "
              "\"keep:100\"\n  3 | delete = never\n    |          ^\n");
}

TEST(Configuration, BadSyntaxIsTold) {
    EXPECT_TRUE(contains(report("[account.a\nurl = \"pop3s://h\"\n"),
                         "/etc/popkeep.toml:1:11: this is not valid TOML: "));
    EXPECT_TRUE(contains(report("\xff\xfe"), "/etc/popkeep.toml:1:1: this is not valid TOML"));
    EXPECT_TRUE(contains(report_of("auth = \"user\"\nauth = \"user\""), ":4:"));
}

TEST(Configuration, NoProblemShowsAPassword) {
    for (const std::string line : {
             "password = hush",
             "pasword = \"hush\"",
             "password = \"hush",
             "password = \"hush\" x",
             "password = 'hush\\q' 'hush'",
             "password = [\"hush\"]",
             "password = \"\"\"\nhush\nhush",
             "password = \"hush\\u0000\"",
             "password = \"hush\\q\"",
             "passwd = '''\nhush''' hush",
             "pass.word = \"hush\"",
             "delete = \"never\", password = \"hush\"",
             "password_file = \"hush",
             "password_command = \"echo hush '\"",
             "proxy = \"http://me:hush@p\"",
             "x = {password = \"hush\", delte = 1}",
             "password = \"a\\nhush\"",
             "password = [\n\"a\",\nhush",
             "password_file = \"x\" # hush\npassword = \"hush\"",
             "[account.home] password = \"hush\"",
             "[account.home]; password=\"hush\"",
             "[account.\"home\"] oauth_client_secret = \"hush\"",
             "user = \"u\", ping_url = \"https://hc-ping.com/hush\"",
             "archive = \"~/Mail\" token_command = \"echo hush\"",
             "password_command = [\n[\"echo\", \"hush\" x",
             "limit = 1 Password \"hush\"",
             "archive = \"~/Mail\" Password \"hush\"",
             "archive = ~/Mail Password hush",
             "delete = never Password hush",
             "proxy = \"https://h/hush\"",
         }) {
        EXPECT_FALSE(contains(report_of(line), "hush")) << line << "\n" << report_of(line);
    }
    EXPECT_FALSE(contains(report("[account.a]\nurl = \"pop3s://me:hush@h\"\n"), "hush"));
    EXPECT_FALSE(contains(report("[account.a]\nurl = \"pop3s://me:hush@h\n"), "hush"));
}

TEST(Configuration, SurvivesEveryTruncationAndFlippedByte) {
    const std::string good =
        "[defaults]\npin = [\"x\"]\n[account.\"a\"]\nurl = \"pop3s://me@h\"\npassword = '''x'''\n";
    for (std::size_t n = 0; n < good.size(); ++n) {
        for (const std::string& text :
             {good.substr(0, n), good.substr(0, n) + "\xff" + good.substr(n + 1),
              good.substr(0, n) + '\0' + good.substr(n + 1), good.substr(0, n) + "\"" + good.substr(n)}) {
            try {
                read(text);
            } catch (const Error& error) {
                EXPECT_EQ(error.category(), Category::configuration);
            }
        }
    }
    EXPECT_THROW(read("a = " + std::string(100'000, '[')), Invalid);
    EXPECT_THROW(read("a = " + std::string(100'000, '{')), Invalid);
}

}  // namespace
}  // namespace popkeep::config
