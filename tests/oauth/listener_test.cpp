#include "oauth/listener.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/error.hpp"
#include "file/fd.hpp"

namespace popkeep::oauth {
namespace {

TEST(Listener, IsForLoopbackAddresses) {
    for (const char* url :
         {"http://127.0.0.1", "http://localhost/", "http://[::1]:80/x", "http://127.0.0.1:7"})
        EXPECT_TRUE(is_loopback(url)) << url;
    for (const char* url : {"https://127.0.0.1", "http://example.com", "http://127.0.0.1.example.com",
                            "http://localhost.example.com/", "", "http:/"})
        EXPECT_FALSE(is_loopback(url)) << url;
}

TEST(Listener, UnderstandsWhoAsksForItsPath) {
    EXPECT_EQ(target_of("GET /back?code=x HTTP/1.1\r\nHost: h\r\n\r\n", "/back"), "/back?code=x");
    EXPECT_EQ(target_of("GET /back HTTP/1.1\r\n\r\n", "/back"), "/back");
    for (const char* other : {"POST /back HTTP/1.1\r\n\r\n", "GET /backdoor HTTP/1.1\r\n\r\n",
                              "GET / HTTP/1.1\r\nX: /back\r\n\r\n", "GET\r\n\r\n", "\r\n\r\n", ""})
        EXPECT_FALSE(target_of(other, "/back")) << other;
}

TEST(Listener, NamesItsPortInItsAddress) {
    const Listener listener("http://127.0.0.1/back");
    const std::string url = listener.url();
    EXPECT_TRUE(url.starts_with("http://127.0.0.1:")) << url;
    EXPECT_TRUE(url.ends_with("/back")) << url;
    EXPECT_FALSE(url.ends_with(":0/back")) << url;
    // That port is taken now.
    EXPECT_THROW(Listener{url}, Error);
}

TEST(Listener, AnAddressWithoutAPathHasOne) {
    EXPECT_TRUE(Listener("http://127.0.0.1").url().ends_with("/"));
    const std::string url = Listener("http://127.0.0.1?x=1").url();
    EXPECT_TRUE(url.ends_with("/?x=1")) << url;
}

TEST(Listener, OfTheNewLoopbackAddressListensThere) {
    const Listener listener("http://[::1]");
    const std::string url = listener.url();
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_addr = in6addr_loopback;
    address.sin6_port = htons(static_cast<std::uint16_t>(std::stoi(url.substr(url.find("]:") + 2))));
    const file::Fd browser(socket(AF_INET6, SOCK_STREAM, 0));
    EXPECT_EQ(connect(browser.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0) << url;
}

}  // namespace
}  // namespace popkeep::oauth
