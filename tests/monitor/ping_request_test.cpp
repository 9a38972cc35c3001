#include "monitor/ping_request.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "config/monitoring.hpp"

namespace popkeep::monitor {
namespace {

TEST(PingAddress, PutsTheWordBehindThePathAndBeforeTheQuery) {
    EXPECT_EQ(ping_address("https://hc.example.com/uuid", "start"), "https://hc.example.com/uuid/start");
    EXPECT_EQ(ping_address("https://hc.example.com/uuid/", "fail"), "https://hc.example.com/uuid/fail");
    EXPECT_EQ(ping_address("https://hc.example.com/slug?create=1&b=/", "start"),
              "https://hc.example.com/slug/start?create=1&b=/");
    EXPECT_EQ(ping_address("http://hc.example.com", "start"), "http://hc.example.com/start");
    EXPECT_EQ(ping_address("http://hc.example.com?a", "start"), "http://hc.example.com/start?a");
}

TEST(Ping, SaysWhatWentWrongWithoutTheAddress) {
    // Nobody listens on port 1.
    const std::string wrong = ping("http://127.0.0.1:1/secret-uuid", "", std::chrono::seconds(2));
    EXPECT_FALSE(wrong.empty());
    EXPECT_EQ(wrong.find("secret"), std::string::npos) << wrong;
}

TEST(PingUrl, IsAnAddressOfTheWeb) {
    for (const char* good : {"https://hc-ping.com/0a-1b", "http://127.0.0.1:8000/ping/x?rid=1",
                             "https://[::1]:1/", "https://host"})
        EXPECT_EQ(config::parse_ping_url(good), good);
    EXPECT_EQ(config::parse_ping_url("HTTPS://host/A"), "https://host/A");
    EXPECT_EQ(config::parse_ping_url(""), "");
}

TEST(PingUrl, RefusesAllElseWithoutRepeatingIt) {
    for (const std::string bad :
         {"hc-ping.com/secret", "file:///secret", "ftp://host/secret", "https:///secret",
          "https://:80/secret", "https://me:secret@host/", "https://host/secret#x", "https://host/a secret",
          "https://host/secret\nx", "https://host/secr\xc3\xa9t-secret", "javascript://secret"}) {
        try {
            config::parse_ping_url(bad);
            ADD_FAILURE() << bad << " was taken";
        } catch (const Error& error) {
            EXPECT_EQ(error.category(), Category::usage);
            EXPECT_EQ(std::string(error.what()).find("secret"), std::string::npos) << error.what();
        }
    }
    EXPECT_THROW(config::parse_ping_url("https://host/" + std::string(2000, 'x')), Error);
}

TEST(PingUrl, IsShownWithoutWhatMayBeASecret) {
    EXPECT_EQ(config::without_secret("https://hc-ping.com/secret"), "https://hc-ping.com/…");
    EXPECT_EQ(config::without_secret("https://host:8443?token=secret"), "https://host:8443/…");
}

}  // namespace
}  // namespace popkeep::monitor
