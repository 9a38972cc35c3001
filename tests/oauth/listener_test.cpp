#include "oauth/listener.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

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

}  // namespace
}  // namespace popkeep::oauth
