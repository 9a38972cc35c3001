#include "config/template.hpp"

#include <unistd.h>

#include <cstdlib>
#include <ctime>

#include "config/refusal.hpp"
#include "config/values.hpp"

namespace popkeep::config {
namespace {

constexpr std::int64_t moment = 1'772'323'199;  // 2026-02-28 23:59:59 UTC

std::string refused_template(const std::string& text) {
    return refusal([&] { parse_file_template(text); });
}

TEST(Template, FillsInAccountAndDateInUtc) {
    EXPECT_EQ(expand_file_template("{account}.mbox", "work", moment), "work.mbox");
    EXPECT_EQ(expand_file_template("{account}/%Y/%m-%d.mbox", "me@h", moment), "me@h/2026/02-28.mbox");
    EXPECT_EQ(expand_file_template("all", "work", moment), "all");
}

// In a process of its own, for the zone is everybody's.
TEST(Template, TheDateIsUtcsInEveryZone) {
    EXPECT_EXIT(
        {
            setenv("TZ", "JST-9", 1);
            tzset();
            _exit(expand_file_template("%Y-%m", "work", moment) == "2026-02" ? 0 : 1);
        },
        testing::ExitedWithCode(0), "");
}

TEST(Template, APathIsJudgedWithTheAccountsName) {
    const auto refused = [](const std::string& text, const std::string& account) {
        return refusal([&] { expand_file_template(text, account, moment); });
    };
    EXPECT_TRUE(
        refused("{account}", "x.lock").starts_with("'x.lock' is no name for an mbox: names in .lock"));
    EXPECT_TRUE(refused("a/{account}ck/b", "x.lo").starts_with("'a/x.lock/b' is no name for an mbox"));
    EXPECT_NE(refused("{account}-{account}.mbox", std::string(150, 'x')).find("longer than 240 bytes"),
              std::string::npos);
    EXPECT_EQ(expand_file_template("{account}.mbox", "x.lock", moment), "x.lock.mbox");
    EXPECT_EQ(expand_file_template("{account}-%Y-%m-%d.mbox", std::string(255, 'x'), moment).size(), 216U);
}

TEST(Template, AnAccountNeverMakesAFolderOrAHiddenFile) {
    EXPECT_EQ(account_file_name("me@example.com"), "me@example.com");
    EXPECT_EQ(account_file_name("../etc"), "%2E.%2Fetc");
    EXPECT_EQ(account_file_name("a%2Fb"), "a%252Fb");
    EXPECT_EQ(account_file_name("a\nb\x7f"), "a%0Ab%7F");
    EXPECT_EQ(account_file_name("Müller"), "Müller");
}

TEST(Template, LongAccountNamesStayShortAndDistinct) {
    const std::string name(255, 'x');
    EXPECT_EQ(account_file_name(name).size(), 200U);
    EXPECT_NE(account_file_name(name), account_file_name(name + "y"));
    EXPECT_LE(account_file_name(std::string(100, 'x') + std::string(155, '/')).size(), 200U);
}

TEST(Template, GoodOnesAreTakenAsTheyAre) {
    for (const std::string text : {"{account}.mbox", "{account}/%Y-%m.mbox", "a/b/c", "été.mbox", "a b"}) {
        EXPECT_EQ(parse_file_template(text), text);
    }
}

TEST(Template, EachDefectIsTold) {
    const auto line = [](const std::string& text, const std::string& why) {
        return "'" + text + "' is no name for an mbox: " + why +
               "; write something like {account}.mbox or {account}/%Y-%m.mbox";
    };
    const auto check = [&](const std::string& text, const std::string& why) {
        EXPECT_EQ(refused_template(text), line(text, why));
    };
    check("", "it must have 1 to 255 bytes");
    check("/var/mail/me", "it must be relative to the archive");
    check("../me", "no part of the path may begin with '.'");
    check("a/../b", "no part of the path may begin with '.'");
    check(".popkeep/ledger.db", "no part of the path may begin with '.'");
    check("a//b", "a part of the path is empty");
    check("a/", "a part of the path is empty");
    check("{user}.mbox", "the only word in braces is {account}");
    check("a}", "the only word in braces is {account}");
    check("%H", "after '%' only Y, m and d are allowed");
    check("100%", "after '%' only Y, m and d are allowed");
    check("a.mbox.lock", "names in .lock are for the locks of mail programs");
    EXPECT_EQ(refused_template("a\nb"), line("a\\nb", "it holds control characters or isn't UTF-8"));
    EXPECT_NE(refused_template(std::string(241, 'x')).find("longer than 240 bytes"), std::string::npos);
    EXPECT_NE(refused_template(std::string(256, 'x')).find("1 to 255 bytes"), std::string::npos);
}

}  // namespace
}  // namespace popkeep::config
