#include "pop3/choice.hpp"

#include <gtest/gtest.h>

namespace popkeep::pop3 {
namespace {

using M = Mechanism;

struct At {
    std::initializer_list<const char*> capabilities;
    const char* greeting = "+OK ready";
    bool confidential = true;
};

M chosen(const Login& login, const At& at) {
    Capabilities capabilities;
    for (const auto* line : at.capabilities) capabilities.add(line);
    return choose(login, {capabilities, at.greeting, at.confidential}, "host:995");
}

std::string refusal_of(const Login& login, const At& at) {
    try {
        chosen(login, at);
        return "none";
    } catch (const LoginRefused& refused) {
        EXPECT_EQ(refused.category(), Category::protocol);
        EXPECT_FALSE(refused.credential_refused());
        EXPECT_FALSE(refused.next().empty());
        return refused.sentence();
    }
}

const Login by_password{"me", "secret", M::automatic, false};
const Login token{"me", "token", M::automatic, true};
const Login certificate{"me", "", M::automatic, false};

TEST(Choice, OfAPasswordIsUserAndPassWhereOfferedOrNothingIsKnown) {
    EXPECT_EQ(chosen(by_password, {{}}), M::user);
    EXPECT_EQ(chosen(by_password, {{"USER", "SASL PLAIN SCRAM-SHA-256"}}), M::user);
    EXPECT_EQ(chosen(by_password, {{"TOP"}}), M::user);
    EXPECT_EQ(chosen(by_password, {{"TOP", "SASL GSSAPI"}}), M::user);
}

TEST(Choice, OfAPasswordIsElseTheMostReliableMechanism) {
    const std::vector<std::pair<const char*, M>> rows{
        {"SASL LOGIN plain CRAM-MD5", M::plain},
        {"SASL CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256", M::scram_sha_256},
        {"SASL CRAM-MD5 SCRAM-SHA-1", M::scram_sha_1},
        {"SASL CRAM-MD5 LOGIN", M::login},
        {"SASL DIGEST-MD5 CRAM-MD5", M::cram_md5},
        {"SASL NTLM DIGEST-MD5", M::digest_md5},
        {"SASL NTLM XOAUTH2", M::ntlm},
    };
    EXPECT_EQ(chosen(by_password, {{"USER", "SASL CRAM-MD5"}}), M::cram_md5);
    EXPECT_EQ(chosen(by_password, {{"USER", "SASL CRAM-MD5 LOGIN"}}), M::user);
    for (const auto& [line, mechanism] : rows) EXPECT_EQ(chosen(by_password, {{line}}), mechanism) << line;
}

TEST(Choice, OverAnOpenLinkIsOnlyWhatCannotBeReplayed) {
    const char* stamp = "+OK ready <1.2@pop.example.com>";
    EXPECT_EQ(chosen(by_password, {{"USER", "SASL PLAIN SCRAM-SHA-1 CRAM-MD5"}, stamp, false}),
              M::scram_sha_1);
    EXPECT_EQ(chosen(by_password, {{"USER", "SASL CRAM-MD5 PLAIN"}, stamp, false}), M::cram_md5);
    EXPECT_EQ(chosen(by_password, {{"USER", "SASL PLAIN"}, stamp, false}), M::apop);
    EXPECT_EQ(chosen(by_password, {{}, stamp, false}), M::apop);
    for (const At& at : {At{{}, "+OK ready", false}, At{{"USER"}, "+OK <no timestamp>", false},
                         At{{"USER", "SASL PLAIN LOGIN"}, "+OK", false}})
        EXPECT_NE(refusal_of(by_password, at).find("not encrypted"), std::string::npos);
    EXPECT_NE(refusal_of(token, {{"SASL XOAUTH2"}, "+OK", false}).find("not encrypted"), std::string::npos);
}

TEST(Choice, OverAnOpenLinkIsWhatWasNamedAllTheSame) {
    Login named = by_password;
    named.mechanism = M::user;
    EXPECT_EQ(chosen(named, {{"SASL SCRAM-SHA-1"}, "+OK", false}), M::user);
    named.mechanism = M::plain;
    EXPECT_EQ(chosen(named, {{"SASL SCRAM-SHA-1 PLAIN"}, "+OK", false}), M::plain);
}

TEST(Choice, FollowsTheCredentialAtHand) {
    EXPECT_EQ(chosen(token, {{"USER", "SASL PLAIN XOAUTH2 OAUTHBEARER"}}), M::oauthbearer);
    EXPECT_EQ(chosen(token, {{"USER", "SASL PLAIN XOAUTH2"}}), M::xoauth2);
    EXPECT_EQ(chosen(token, {{}}), M::xoauth2);
    EXPECT_EQ(chosen(certificate, {{"USER", "SASL PLAIN EXTERNAL"}}), M::external);
    EXPECT_EQ(refusal_of(token, {{"USER", "SASL PLAIN"}}),
              "the server takes no OAuth token, so nothing was sent");
    EXPECT_EQ(refusal_of(certificate, {{"USER", "SASL PLAIN"}}),
              "the server doesn't let the client certificate sign in, so nothing was sent");
    EXPECT_EQ(refusal_of(by_password, {{"TOP", "SASL XOAUTH2"}}),
              "the server wants an OAuth token instead of a password, so nothing was sent");
}

TEST(Choice, TakesNoOtherMechanismThanTheOneNamed) {
    Login named = by_password;
    named.mechanism = M::scram_sha_256;
    EXPECT_EQ(refusal_of(named, {{"USER", "SASL PLAIN SCRAM-SHA-1"}}),
              "the server doesn't offer the mechanism SCRAM-SHA-256, so nothing was sent");
    EXPECT_EQ(chosen(named, {{}}), M::scram_sha_256);
}

}  // namespace
}  // namespace popkeep::pop3
