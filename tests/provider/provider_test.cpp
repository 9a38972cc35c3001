#include "provider/provider.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "base/error.hpp"
#include "base/text.hpp"

namespace popkeep::provider {
namespace {

const std::string complete = R"(
[[provider]]
id = "one"
name = "One"
domains = ["one.example", "one.test"]
host = "pop.one.example"
port = 995
tls = "implicit"
user = "address"
sign_in = ["oauth", "app-password"]
help = "https://one.example/help"
seen = "page"
[provider.oauth]
authorize = "https://one.example/authorize"
token = "https://one.example/token"
scope = "mail"
source = "https://one.example/oauth"
[provider.behaviour]
portion = 250
expire_days = 0
[[provider.note]]
text = "Lists 250 at a time."
source = "https://one.example/portions"
)";

std::string without(const std::string& line) {
    auto text = complete;
    const auto at = text.find("\n" + line);
    EXPECT_NE(at, std::string::npos) << line;
    return text.erase(at, text.find('\n', at + 1) - at);
}

std::string complaint(const std::string& text) {
    try {
        parse(text);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

TEST(Table, HasTheProvidersThatMostPeopleHave) {
    EXPECT_GE(all().size(), 20U);
    for (const char* domain :
         {"gmail.com",    "outlook.com", "hotmail.co.uk", "yahoo.com",   "aol.com",  "gmx.de",   "gmx.com",
          "web.de",       "t-online.de", "yandex.ru",     "mail.ru",     "qq.com",   "163.com",  "zoho.com",
          "fastmail.com", "orange.fr",   "libero.it",     "comcast.net", "mail.com", "seznam.cz"})
        EXPECT_NE(find_domain(domain), nullptr) << domain;
}

TEST(Table, NamesHostsAndDomainsAsTheyAreLookedUp) {
    for (const Provider& provider : all()) {
        EXPECT_EQ(provider.host, lowered(provider.host));
        EXPECT_NE(provider.host.find('.'), std::string::npos);
        for (const std::string& domain : provider.domains) {
            EXPECT_EQ(domain, lowered(domain));
            EXPECT_EQ(domain.find('@'), std::string::npos);
            EXPECT_EQ(find_domain(domain), &provider);
        }
    }
}

TEST(Table, SaysWhereAnAppPasswordComesFromOrTellsOfIt) {
    for (const Provider& provider : all()) {
        if (provider.sign_in.front() != SignIn::app_password) continue;
        EXPECT_TRUE(!provider.app_password_help.empty() || !provider.notes.empty()) << provider.id;
    }
}

TEST(Table, KnowsGmailsWays) {
    const Provider* gmail = find_domain("googlemail.com");
    ASSERT_NE(gmail, nullptr);
    EXPECT_EQ(gmail, find_id("gmail"));
    EXPECT_EQ(gmail, find_host("POP.gmail.com"));
    EXPECT_EQ(gmail->behaviour.portion, 250U);
    EXPECT_TRUE(gmail->behaviour.hides_fetched);
    EXPECT_EQ(gmail->behaviour.expire_days, 0U);
    EXPECT_EQ(gmail->behaviour.login_delay, 300U);
    EXPECT_EQ(gmail->behaviour.daily_mib, 1250U);
    EXPECT_EQ(gmail->behaviour.recent_prefix, "recent:");
}

TEST(Lookup, TakesSubdomainsAndAnyCase) {
    EXPECT_EQ(find_domain("Contoso.OnMicrosoft.com"), find_id("microsoft365"));
    EXPECT_EQ(find_domain("GMX.DE"), find_id("gmx"));
}

TEST(Lookup, FindsNothingForOthers) {
    for (const char* domain :
         {"example.com", "notgmail.com", "gmail.com.example", "com", "", ".", "gmail.com."})
        EXPECT_EQ(find_domain(domain), nullptr) << domain;
    EXPECT_EQ(find_id(""), nullptr);
    EXPECT_EQ(find_host("pop.example.com"), nullptr);
}

TEST(Parse, TakesACompleteRow) {
    const auto rows = parse(complete);
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].domains.size(), 2U);
    EXPECT_EQ(rows[0].oauth->device, "");
    EXPECT_EQ(rows[0].behaviour.portion, 250U);
    EXPECT_EQ(rows[0].notes[0].source, "https://one.example/portions");
}

TEST(Parse, NothingMayBeMissing) {
    for (const char* key : {"id", "name", "domains", "host", "port", "tls", "user", "sign_in", "help", "seen",
                            "authorize", "token", "scope", "source = \"https://one.example/oauth\"", "text",
                            "source = \"https://one.example/portions\""}) {
        EXPECT_NE(complaint(without(key)), "") << key;
    }
}

TEST(Parse, NamesTheRowAndTheKey) {
    EXPECT_EQ(complaint(without("host")), "the table of providers: one: host is missing");
    EXPECT_EQ(complaint(complete + "[provider.odd]\n"), "the table of providers: one: odd is unknown");
    EXPECT_EQ(complaint(complete + complete), "the table of providers: one: id one is said twice");
}

TEST(Parse, SignInAndOauthMayNotContradictEachOther) {
    auto text = complete;
    text.replace(text.find("\"oauth\", "), 9, "");
    EXPECT_NE(complaint(text).find("contradict"), std::string::npos);
}

}  // namespace
}  // namespace popkeep::provider
