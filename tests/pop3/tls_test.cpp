#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "base/clock.hpp"
#include "pop3/scripted_server.hpp"
#include "pop3/session.hpp"

namespace popkeep::pop3 {
namespace {

/// Certificates of every kind, made once.
class Tls : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        std::string folder = testing::TempDir() + "popkeep-certificates-XXXXXX";
        ASSERT_NE(mkdtemp(folder.data()), nullptr);
        folder_ = folder;
        const auto command = "python3 -B " POPKEEP_TESTS_SUPPORT "/certs.py " + folder + " > /dev/null";
        ASSERT_EQ(std::system(command.c_str()), 0);
    }
    static void TearDownTestSuite() { std::filesystem::remove_all(folder_); }

    static std::vector<std::string> arguments(const std::string& mode, const std::string& kind,
                                              const std::string& scenario = {}) {
        std::vector<std::string> words{
            "--tls", mode, "--cert", folder_ + "/" + kind + ".pem", "--key", folder_ + "/" + kind + ".key"};
        if (!scenario.empty()) words.insert(words.end(), {"--scenario", scenario});
        return words;
    }

    static Session open(const ScriptedServer& server, Transport transport, const std::string& pin = {},
                        Mechanism mechanism = Mechanism::automatic) {
        auto endpoint = server.endpoint(transport);
        endpoint.ca = folder_ + "/ca.pem";
        if (!pin.empty()) endpoint.pins = {"sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", pin};
        return Session::open(endpoint, login(mechanism), impatient());
    }

    /// The sentence of the Error, whose category must be protocol.
    static std::string failure(const ScriptedServer& server, Transport transport,
                               const std::string& pin = {}) {
        try {
            open(server, transport, pin);
        } catch (const Error& error) {
            EXPECT_EQ(error.category(), Category::protocol) << error.what();
            return error.sentence();
        }
        return "no failure";
    }

    static std::string folder_;
};

std::string Tls::folder_;

TEST_F(Tls, ShowsItsFactsAndAPinThatWorks) {
    const ScriptedServer implicit(arguments("implicit", "good"));
    const auto facts = open(implicit, Transport::implicit_tls).tls();
    EXPECT_EQ(facts.version, "TLSv1.3");
    EXPECT_FALSE(facts.cipher.empty());
    ASSERT_EQ(facts.chain.size(), 2U);
    EXPECT_EQ(facts.chain[0].subject, "CN = good");
    EXPECT_EQ(facts.chain[0].issuer, "CN = popkeep test ca");
    EXPECT_EQ(facts.chain[0].expires.size(), 20U);
    EXPECT_EQ(facts.chain[0].expires, utc_time(facts.chain[0].ends_at));
    EXPECT_EQ(facts.chain[0].ends_at - facts.chain[0].begins_at, 30 * 86400);
    EXPECT_EQ(facts.chain[1].subject, "CN = popkeep test ca");
    const ScriptedServer stls(arguments("stls", "good"));
    EXPECT_EQ(open(stls, Transport::stls, facts.pin).tls().pin, facts.pin);
}

TEST_F(Tls, RetrievesOverImplicitTlsAndStls) {
    for (const auto& [mode, transport] :
         {std::pair("implicit", Transport::implicit_tls), std::pair("stls", Transport::stls)}) {
        const ScriptedServer server(arguments(mode, "good"));
        for (const auto mechanism : {Mechanism::automatic, Mechanism::plain}) {
            auto session = open(server, transport, {}, mechanism);
            Collector sink;
            session.retrieve(all_of(session.listing()), sink);
            EXPECT_EQ(sink.ended(), 5U);
            session.quit();
        }
    }
}

TEST_F(Tls, SaysWhatIsWrongWithACertificate) {
    const std::vector<std::pair<const char*, const char*>> rows{
        {"expired", "the server's certificate has expired"},
        {"not-yet-valid", "the server's certificate is not yet valid"},
        {"wrong-host", "the server's certificate is for another host"},
        {"self-signed", "the server's certificate is self-signed"},
        {"unknown-ca", "the server's certificate is from an unknown authority"},
    };
    for (const auto& [kind, sentence] : rows) {
        const ScriptedServer implicit(arguments("implicit", kind));
        EXPECT_EQ(failure(implicit, Transport::implicit_tls), sentence);
        const ScriptedServer stls(arguments("stls", kind));
        EXPECT_EQ(failure(stls, Transport::stls), sentence);
    }
}

TEST_F(Tls, RefusesAnotherKeyThanThePinnedOnes) {
    const ScriptedServer server(arguments("implicit", "good"));
    EXPECT_EQ(
        failure(server, Transport::implicit_tls, "sha256//BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA="),
        "the server's key is not the pinned one");
}

TEST_F(Tls, NeverGoesOnInPlaintextWhereStlsIsRequired) {
    for (const auto* scenario :
         {"D23-stls-absent", "D23-stls-refused", "D23-capa-err", "D23-capa-stripped"}) {
        const ScriptedServer server(arguments("stls", "good", scenario));
        EXPECT_EQ(failure(server, Transport::stls),
                  "the server offers no STLS, so the password was not sent");
    }
    const ScriptedServer injecting(arguments("stls", "good", "D23-stls-injected"));
    EXPECT_EQ(failure(injecting, Transport::stls),
              "the server spoke in plaintext after agreeing to TLS: somebody may be interfering");
}

TEST_F(Tls, TreatsACutAsACutWithAndWithoutCloseNotify) {
    for (const auto* scenario : {"D01-cut-mid-line", "D01-cut-mid-terminator", "D02-no-notify-mid-line",
                                 "D02-no-notify-mid-terminator", "D02-reset-mid-line"}) {
        SCOPED_TRACE(scenario);
        const ScriptedServer server(arguments("implicit", "good", scenario));
        auto session = open(server, Transport::implicit_tls);
        Collector sink;
        try {
            session.retrieve(all_of(session.listing()), sink);
            ADD_FAILURE();
        } catch (const SessionLost& lost) {
            EXPECT_EQ(lost.how(), SessionLost::How::dropped);
            EXPECT_EQ(sink.ended(), 1U);
        }
    }
}

TEST_F(Tls, SignsInByPlainWhereUserIsNotOffered) {
    for (const auto* scenario : {"D24-auth-plain-only", "D24-two-step-only"}) {
        const ScriptedServer server(arguments("implicit", "good", scenario));
        EXPECT_EQ(open(server, Transport::implicit_tls).signed_in_by(), "SASL PLAIN");
    }
}

}  // namespace
}  // namespace popkeep::pop3
