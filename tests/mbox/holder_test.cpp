#include "mbox/holder.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <string>

#include "ledger/ordinary_user.hpp"

using namespace popkeep;

TEST(Holder, AHostMayBeNamedWithItsDomain) {
    std::array<char, 256> name{};
    ASSERT_EQ(gethostname(name.data(), name.size() - 1), 0);
    const std::string host = std::string(name.data());
    mbox::Holder holder;
    holder.pid = getpid();
    holder.host = host.substr(0, host.find('.')) + ".some.example.org";
    EXPECT_TRUE(holder.alive_here());
}

TEST(Holder, AProcessOfAnotherUserIsAlive) {
    mbox::Holder holder;
    holder.pid = getpid();
    EXPECT_TRUE(test::an_ordinary_user_sees([&] { return holder.alive_here(); }));
}
