#include "pop3/login.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace popkeep::pop3 {
namespace {

TEST(Login, WhatAMechanismProvesMustBeThere) {
    const auto refused = [](Login login) { EXPECT_THROW(check_credentials(login), Error); };
    refused({"me", "", Mechanism::cram_md5, false});
    refused({"me", "secret", Mechanism::external, false});
    refused({"me", "secret", Mechanism::xoauth2, false});
    EXPECT_NO_THROW(check_credentials({"me", "", Mechanism::external, false}));
    refused({"me", "secret", Mechanism::gssapi, false});
    EXPECT_NO_THROW(check_credentials({"me", "", Mechanism::gssapi, false}));
    EXPECT_NO_THROW(check_credentials({"me", "token", Mechanism::xoauth2, true}));
}

TEST(Login, CredentialsThatWouldBecomeTwoCommandsAreRefused) {
    const auto refused = [](std::string user, std::string password) {
        EXPECT_THROW(check_credentials({std::move(user), std::move(password), {}, false}), Error);
    };
    refused("me\r\nDELE 1", "secret");
    refused("me", "secret\n");
    refused("me", std::string("sec\0ret", 7));
    refused("", "secret");
    EXPECT_NO_THROW(check_credentials({"me", " secret with spaces ", {}, false}));
}

}  // namespace
}  // namespace popkeep::pop3
