#include "secret/netrc.hpp"

#include "secret/fixture.hpp"

namespace popkeep::secret {
namespace {

std::string password(std::string_view text, std::optional<std::string> user = "me") {
    const auto entry = find_in_netrc(text, "pop.example.com", user);
    return entry ? entry->password : "(none)";
}

TEST(Netrc, FindsTheHostWhateverItsCase) {
    EXPECT_EQ(password("machine other login me password no\nmachine POP.Example.com login me password yes"),
              "yes");
}

TEST(Netrc, SkipsEntriesOfOtherUsers) {
    EXPECT_EQ(password("machine pop.example.com login you password no\n"
                       "machine pop.example.com login me password yes\n"),
              "yes");
    EXPECT_EQ(password("machine pop.example.com login you password no\n"), "(none)");
}

TEST(Netrc, SuppliesTheUserWhereNoneIsKnown) {
    const auto entry = find_in_netrc("machine h login you password p", "h", std::nullopt);
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->login, "you");
}

TEST(Netrc, NeedsALoginWhereNoUserIsKnown) {
    EXPECT_EQ(password("machine pop.example.com password p", std::nullopt), "(none)");
    EXPECT_EQ(password("machine pop.example.com password p"), "p");
}

TEST(Netrc, FallsBackToTheDefault) {
    EXPECT_EQ(password("machine other login me password no default login me password yes"), "yes");
}

TEST(Netrc, TheFirstOfTwoWins) {
    EXPECT_EQ(
        password("machine pop.example.com login me password 1\nmachine pop.example.com login me password 2"),
        "1");
}

TEST(Netrc, AnEntryWithoutAPasswordIsPassedOver) {
    EXPECT_EQ(password("machine pop.example.com login me\ndefault login me password yes"), "yes");
}

TEST(Netrc, ReadsQuotesAndTheirEscapes) {
    EXPECT_EQ(password(R"(machine pop.example.com login "me" password "a \"b\" \\ c")"), R"(a "b" \ c)");
    EXPECT_EQ(password(R"(machine pop.example.com login me password "tab\tend")"), "tab\tend");
}

TEST(Netrc, AnOpenQuoteNamesItsLineAndNothingOfTheSecret) {
    EXPECT_EQ(
        error_of(Category::permission, [] { password("machine other\nlogin me password \"hush\nmore"); }),
        "a quote that opens in line 2 isn't closed; close it in the same line");
}

TEST(Netrc, CommentsStandWhereKeywordsMay) {
    EXPECT_EQ(password("# machine pop.example.com login me password no\n"
                       "machine pop.example.com # mine\n login me password #yes\n"),
              "#yes");
}

TEST(Netrc, MacrosEndAtAnEmptyLine) {
    EXPECT_EQ(password("macdef init\nmachine pop.example.com login me password no\n\n"
                       "machine pop.example.com login me password yes"),
              "yes");
}

TEST(Netrc, SkipsAccountsAndUnknownWords) {
    EXPECT_EQ(password("machine pop.example.com port 995 login me account password password yes"), "yes");
}

TEST(Netrc, SurvivesEveryTruncation) {
    const std::string text =
        "machine \"pop.example.com\" login me password \"a\\\"b\" account x macdef m\n\n default";
    for (std::size_t n = 0; n < text.size(); ++n) {
        try {
            find_in_netrc(std::string_view(text).substr(0, n), "pop.example.com", "me");
        } catch (const Error& error) {
            EXPECT_EQ(error.category(), Category::permission);
        }
    }
}

}  // namespace
}  // namespace popkeep::secret
