#include "config/values.hpp"

#include "config/refusal.hpp"

namespace popkeep::config {
namespace {

TEST(DeletePolicy, IsReadAndWrittenAlike) {
    for (const std::string text :
         {"never", "fetched", "after:30d", "after:12h", "after:90m", "after:45s", "keep:100"}) {
        EXPECT_EQ(to_text(parse_delete_policy(text)), text);
    }
    EXPECT_EQ(parse_delete_policy("after:2w").age, std::chrono::hours(14 * 24));
    EXPECT_EQ(parse_delete_policy("keep:7").count, 7U);
}

TEST(DeletePolicy, AnythingElseIsRefused) {
    for (const std::string text :
         {"", "Never", "always", "after", "after:", "after:0d", "after:30", "after:-1d", "keep:", "keep:0",
          "keep:x", "keep:18446744073709551616", "fetched "}) {
        EXPECT_EQ(refusal([&] { parse_delete_policy(text); }),
                  "'" + text +
                      "' is not a delete policy; give never, fetched, after:30d (s, m, h, d, w) or keep:100");
    }
}

TEST(MaxDelete, IsANumberOrAShare) {
    EXPECT_EQ(parse_max_delete("500"), (MaxDelete{500, false}));
    EXPECT_EQ(parse_max_delete("20%"), (MaxDelete{20, true}));
    EXPECT_EQ(to_text(parse_max_delete("100%")), "100%");
    for (const std::string text : {"", "%", "101%", "-1", "1.5", "20 %"}) {
        EXPECT_EQ(refusal([&] { parse_max_delete(text); }),
                  "'" + text +
                      "' is not a limit of deletions; give a number of messages (500) or a share of the "
                      "listing (20%)");
    }
}

TEST(Auth, IsAutoOrAMechanism) {
    EXPECT_EQ(parse_auth("auto"), sasl::Mechanism::automatic);
    EXPECT_EQ(parse_auth("cram-md5"), sasl::Mechanism::cram_md5);
    for (const char* text : {"PLAIN", "kerberos", "", "plain login"}) {
        const auto said = refusal([&] { parse_auth(text); });
        EXPECT_NE(said.find("is not a way to sign in; give one of auto, user, plain"), std::string::npos)
            << said;
    }
}

TEST(Network, TakesWhatLibcurlWillTake) {
    EXPECT_EQ(parse_tls_version("1.2"), TlsVersion::v1_2);
    EXPECT_EQ(parse_tls_version("1.3"), TlsVersion::v1_3);
    for (const std::string text : {"1.1", "1", "tls1.2", ""})
        EXPECT_THROW(parse_tls_version(text), Error) << text;
    for (const std::string text : {"any", "4", "6"}) EXPECT_EQ(to_text(parse_ip_version(text)), text);
    EXPECT_THROW(parse_ip_version("5"), Error);
    for (const std::string text : {"127.0.0.2", "::1"}) EXPECT_EQ(parse_address(text), text);
    for (const std::string text : {"eth0", "host!1.2.3.4", "1.2.3", "[::1]", "", "1.2.3.4 "})
        EXPECT_THROW(parse_address(text), Error) << text;
}

TEST(Count, StaysWithinItsLimits) {
    EXPECT_EQ(parse_count("010", 1, 10), 10U);
    for (const std::string text : {"0", "11", "-5", "", "1k"}) {
        EXPECT_EQ(refusal([&] { parse_count(text, 1, 10); }),
                  "'" + text + "' is not a number within the limits; give 1 to 10");
    }
}

TEST(Timeout, IsInSecondsOrWithAUnit) {
    EXPECT_EQ(parse_timeout("90").count(), 90);
    EXPECT_EQ(parse_timeout("5m").count(), 300);
    for (const std::string text : {"0", "0s", "2d", "86401", "", "soon"}) {
        EXPECT_EQ(
            refusal([&] { parse_timeout(text); }),
            "'" + text + "' is not a time to wait; give seconds (90) or 90s, 5m, 1h; 1 second to 1 day");
    }
}

TEST(Switch, IsOnOrOff) {
    EXPECT_TRUE(parse_switch("on"));
    EXPECT_FALSE(parse_switch("off"));
    EXPECT_EQ(refusal([] { parse_switch("no"); }), "'no' is not a switch; give on or off");
}

TEST(Proxy, IsASchemeAHostAndAPort) {
    EXPECT_EQ(parse_proxy("socks5h://Proxy:1080/").url, "socks5h://proxy:1080");
    EXPECT_EQ(parse_proxy("socks5h://me@work@Proxy:1080/").url, "socks5h://proxy:1080");
    EXPECT_EQ(parse_proxy("socks5h://me@work@Proxy:1080/").user, "me@work");
    EXPECT_EQ(parse_proxy("HTTP://[::1]:3128").url, "http://[::1]:3128");
}

TEST(Proxy, SecretsInItAreRefusedAndNotRepeated) {
    EXPECT_EQ(
        refusal([] { parse_proxy("http://me:hush@proxy:1"); }),
        "the proxy must not hold a password; leave out ':' and the password; give proxy_password_command or "
        "proxy_password_file");
    for (const char* proxy : {"https://h/hush", "http://hush!@", "http://h:hush", "http://[hush]"})
        EXPECT_EQ(refusal([&] { parse_proxy(proxy); }).find("hush"), std::string::npos) << proxy;
    EXPECT_EQ(refusal([] { parse_proxy("proxy:3128"); }),
              "the proxy has no known scheme; give http://, https://, socks4://, socks4a://, socks5:// or "
              "socks5h:// "
              "and [user@]host[:port]");
}

TEST(Pins, AreBase64Of32Bytes) {
    const std::string pin = "sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    EXPECT_EQ(parse_pins(pin), std::vector{pin});
    EXPECT_EQ(parse_pins(pin + ";" + pin).size(), 2U);
    for (const std::string& text :
         std::vector<std::string>{"", pin.substr(8), pin.substr(0, 50), pin + ";", "sha1//" + pin.substr(8),
                                  "sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=",
                                  "sha256//" + std::string(43, '-') + "="}) {
        EXPECT_NE(refusal([&] { parse_pins(text); }).find("' is not a pin; give sha256// and the base64"),
                  std::string::npos);
    }
}

TEST(Name, IsPlainText) {
    EXPECT_EQ(parse_name("Müller & Söhne", "the id"), "Müller & Söhne");
    EXPECT_EQ(refusal([] { parse_name("", "the id"); }), "the id is empty");
    EXPECT_EQ(refusal([] { parse_name(std::string(256, 'x'), "the id"); }),
              "the id is longer than 255 bytes");
    EXPECT_EQ(refusal([] { parse_name("a\nb", "the id"); }),
              "the id holds control characters or isn't UTF-8");
}

}  // namespace
}  // namespace popkeep::config
