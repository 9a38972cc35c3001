#include "config/url.hpp"

#include "config/refusal.hpp"

namespace popkeep::config {
namespace {

std::string refused_url(const std::string& text) {
    return refusal([&] { parse_url(text); });
}

TEST(Url, Pop3sIsImplicitTlsOnItsPort) {
    const Url url = parse_url("pop3s://me@pop.example.com");
    EXPECT_EQ(url.transport, Transport::implicit_tls);
    EXPECT_EQ(url.port, 995);
    EXPECT_EQ(url.user, "me");
    EXPECT_EQ(url.host, "pop.example.com");
}

TEST(Url, Pop3RequiresStlsAndIsNeverPlaintext) {
    const Url url = parse_url("POP3://me@Pop.Example.COM:1110/");
    EXPECT_EQ(url.transport, Transport::stls);
    EXPECT_EQ(url.port, 1110);
    EXPECT_EQ(url.host, "pop.example.com");
    EXPECT_EQ(parse_url("pop3://h").port, 110);
}

TEST(Url, TheLastAtEndsTheUser) {
    const Url url = parse_url("pop3s://me@example.com@pop.example.com");
    EXPECT_EQ(url.user, "me@example.com");
    EXPECT_EQ(url.host, "pop.example.com");
}

TEST(Url, TheUserIsDecodedOnce) {
    EXPECT_EQ(parse_url("pop3s://me%40example.com@h").user, "me@example.com");
    EXPECT_EQ(parse_url("pop3s://a%3Ab%2fc%25@h").user, "a:b/c%");
    EXPECT_EQ(parse_url("pop3s://DOMAIN\\me+x@h").user, "DOMAIN\\me+x");
    EXPECT_EQ(parse_url("pop3s://%2541@h").user, "%41");
}

TEST(Url, TheUserMayBeMissing) {
    EXPECT_EQ(parse_url("pop3s://h:995").user, std::nullopt);
}

TEST(Url, AddressesStandInBrackets) {
    const Url url = parse_url("pop3s://me@[2001:DB8::1]:9950");
    EXPECT_EQ(url.host, "2001:db8::1");
    EXPECT_EQ(url.port, 9950);
    EXPECT_EQ(parse_url("pop3s://[::1]").host, "::1");
    EXPECT_EQ(parse_url("pop3s://me@127.0.0.1").host, "127.0.0.1");
}

TEST(Url, InternationalNamesStayAsTheyAre) {
    EXPECT_EQ(parse_url("pop3s://me@post.müller.example").host, "post.müller.example");
}

TEST(Url, TextGivesItBack) {
    for (const std::string text : {"pop3s://me@example.com@pop.example.com", "pop3://h:995",
                                   "pop3s://[::1]:110", "pop3://a%3Ab%2F%25%23@h"}) {
        EXPECT_EQ(parse_url(text).text(), text);
    }
    EXPECT_EQ(parse_url("pop3s://me@H:995/").text(), "pop3s://me@h");
}

TEST(Url, APasswordIsRefusedAndNeverRepeated) {
    const std::string line =
        "a URL must not hold a password; leave out ':' and the password (a ':' of the user name is %3A); it "
        "is asked "
        "for, or comes from --password-command or --password-file";
    for (const std::string text :
         {"pop3s://me:hush@h", "pop3s://me@example.com:hush@h", "pop3s://:hush@h", "pop3s://me:hu@sh@h",
          "pop3s://me:hu/sh@h", "pop3s://me:@h", "pop3://me:hu%zz@h"}) {
        EXPECT_EQ(refused_url(text), line) << text;
    }
    EXPECT_EQ(refused_url("pop3s://me:hush").find("hush"), std::string::npos);
}

TEST(Url, EachDefectIsTold) {
    EXPECT_EQ(refused_url("pop.example.com"), "this is not a URL; write pop3s://user@host[:port]");
    EXPECT_EQ(refused_url("imaps://me@h"),
              "the URL's scheme is neither pop3s nor pop3; write pop3s://user@host[:port]");
    EXPECT_EQ(refused_url("pop3s://me@"), "the host name is missing; write pop3s://user@host[:port]");
    EXPECT_EQ(refused_url("pop3s://"), "the host name is missing; write pop3s://user@host[:port]");
    EXPECT_EQ(refused_url("pop3s://@h"), "the user name is empty");
    EXPECT_EQ(refused_url("pop3s://me@h/inbox"),
              "nothing but '/' may follow the host and port of the URL; write pop3s://user@host[:port]");
    EXPECT_EQ(refused_url("pop3s://me@h?x"),
              "nothing but '/' may follow the host and port of the URL; write pop3s://user@host[:port]");
    EXPECT_EQ(refused_url("pop3s://a/b@h"),
              "the user name in a URL can't hold '/', '?' or '#'; write %2F, %3F or %23");
    EXPECT_EQ(refused_url("pop3s://me;AUTH=+APOP@h"),
              "a URL can't choose the mechanism; use --auth or the key 'auth'");
    EXPECT_EQ(refused_url("pop3s://me%4@h"),
              "a '%' in the user name isn't followed by two hexadecimal digits; write the '%' itself as %25");
    EXPECT_EQ(refused_url("pop3s://me%0d%0aDELE 1@h"),
              "the user name holds control characters or isn't UTF-8");
    EXPECT_EQ(refused_url("pop3s://me%ff@h"), "the user name holds control characters or isn't UTF-8");
    EXPECT_EQ(refused_url("pop3s://me@h h"),
              "'h h' is not a host name: it may hold letters, digits, '-', '_' and '.'; write "
              "pop3s://user@host[:port]");
    EXPECT_EQ(refused_url("pop3s://me@a..b"),
              "'a..b' is not a host name: a part of it is empty or begins with '-'; write "
              "pop3s://user@host[:port]");
    EXPECT_EQ(
        refused_url("pop3s://me@[::1"),
        "what stands in the brackets is not an IPv6 address; write it as in pop3s://user@[2001:db8::1]:995");
    EXPECT_EQ(refused_url(std::string("pop3s://me@[::1\0]", 17)), refused_url("pop3s://me@[::1"));
    EXPECT_EQ(refused_url("pop3s://me@[::1]x"),
              "after an address in brackets only ':' and a port may follow");
    EXPECT_EQ(refused_url("pop3s://" + std::string(2000, 'a')),
              "the URL is longer than 1024 bytes; write pop3s://user@host[:port]");
}

TEST(Url, PortsAreFrom1To65535) {
    for (const std::string port : {"0", "65536", "", "+1", "99999999999999999999", "1 "}) {
        EXPECT_EQ(refused_url("pop3s://me@h:" + port),
                  "what follows the host's ':' is not a port; give a number from 1 to 65535");
    }
    EXPECT_EQ(parse_url("pop3s://me@h:65535").port, 65535);
}

TEST(Url, IsToldFromAnAccountsName) {
    EXPECT_TRUE(looks_like_url("pop3s://x"));
    EXPECT_FALSE(looks_like_url("me@example.com"));
}

}  // namespace
}  // namespace popkeep::config
