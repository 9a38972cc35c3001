#include "config/account.hpp"

#include "config/refusal.hpp"

namespace popkeep::config {
namespace {

TEST(Account, OfAUrlIsNamedByUserAndHost) {
    const Account account = account_from_url(parse_url("pop3s://me@example.com@Pop.example.com:9950"));
    EXPECT_EQ(account.name, "me@example.com@pop.example.com");
    EXPECT_EQ(account.identity(), "me@example.com@pop.example.com");
    EXPECT_EQ(account_from_url(parse_url("pop3s://h")).name, "h");
}

TEST(Account, HasNoIdentityWhileTheUserIsUnknown) {
    Account account = account_from_url(parse_url("pop3s://h"));
    EXPECT_EQ(account.identity(), std::nullopt);
    account.id = "mine";
    EXPECT_EQ(account.identity(), "mine");
}

TEST(Account, PlaintextMustBeAskedForAndFitsPop3Only) {
    Account account = account_from_url(parse_url("pop3://h"));
    set_tls(account, false);
    EXPECT_EQ(account.url.transport, Transport::plaintext);
    set_tls(account, true);
    EXPECT_EQ(account.url.transport, Transport::stls);
    account = account_from_url(parse_url("pop3s://h"));
    EXPECT_EQ(refusal([&] { set_tls(account, false); }),
              "tls is off, but the URL says pop3s://; write pop3:// if you mean plaintext");
    set_tls(account, true);
    EXPECT_EQ(account.url.transport, Transport::implicit_tls);
}

}  // namespace
}  // namespace popkeep::config
