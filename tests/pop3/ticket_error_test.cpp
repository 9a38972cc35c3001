#include "pop3/ticket_error.hpp"

#include <gtest/gtest.h>

namespace popkeep::pop3 {
namespace {

// As libcurl 7.88.1 passes on what MIT's Kerberos 1.20 says.
TEST(TicketError, SaysWhoIsToBlame) {
    const auto category = [](const char* words) {
        const auto error = ticket_error(words);
        EXPECT_FALSE(error.next().empty()) << words;
        return error.category();
    };
    EXPECT_EQ(category("gss_init_sec_context() failed: Cannot contact any KDC for realm 'A.TEST'. \n"),
              Category::unavailable);
    EXPECT_EQ(category("gss_init_sec_context() failed: Ticket expired. \n"), Category::permission);
    EXPECT_EQ(category("GSSAPI handshake failure (invalid security layer)\n"), Category::permission);
    EXPECT_EQ(category(""), Category::permission);
}

TEST(TicketError, ADisabledClientIsNoUnknownServer) {
    const auto sentence = [](const char* words) { return ticket_error(words).sentence(); };
    EXPECT_NE(sentence("failed: Server pop/a.test@A.TEST not found in Kerberos database").find("this server"),
              std::string::npos);
    EXPECT_EQ(sentence("failed: Client 'me@A.TEST' not found in Kerberos database").find("this server"),
              std::string::npos);
}

TEST(TicketError, KeepsTheWordsThatTellSomething) {
    EXPECT_EQ(ticket_error("gss_init_sec_context() failed: No credentials were supplied, or the credentials "
                           "were unavailable or inaccessible. No Kerberos credentials available (default "
                           "cache: FILE:/tmp/krb5cc_0). \n")
                  .said(),
              "No Kerberos credentials available (default cache: FILE:/tmp/krb5cc_0)");
    EXPECT_EQ(ticket_error("").said(), "");
}

}  // namespace
}  // namespace popkeep::pop3
