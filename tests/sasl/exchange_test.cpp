#include "sasl/exchange.hpp"

#include <gsasl.h>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace popkeep::sasl {
namespace {

const Identity me{.user = "me@example.com", .password = "secret pass", .host = "pop.example.com"};

/// The other side of a SCRAM exchange.
class Server {
  public:
    Server(const char* name, const char* password) {
        gsasl_init(&library_);
        gsasl_server_start(library_, name, &session_);
        gsasl_property_set(session_, GSASL_PASSWORD, password);
        gsasl_property_set(session_, GSASL_SCRAM_ITER, "4096");
    }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    ~Server() {
        gsasl_finish(session_);
        gsasl_done(library_);
    }

    std::string challenge(const std::string& answer) {
        char* output = nullptr;
        std::size_t size = 0;
        result = gsasl_step(session_, answer.data(), answer.size(), &output, &size);
        std::string text(output == nullptr ? "" : output, output == nullptr ? 0 : size);
        gsasl_free(output);
        return text;
    }

    int result = GSASL_OK;

  private:
    Gsasl* library_ = nullptr;
    Gsasl_session* session_ = nullptr;
};

class Scram : public testing::TestWithParam<Mechanism> {};
INSTANTIATE_TEST_SUITE_P(Exchange, Scram, testing::Values(Mechanism::scram_sha_1, Mechanism::scram_sha_256));

TEST_P(Scram, IsCompleteOnceTheServerHasProvenItself) {
    const auto exchange = make_exchange(GetParam(), me);
    Server server(std::string(facts(GetParam()).name).c_str(), "secret pass");
    const auto first = server.challenge(exchange->answer(""));
    const auto last = server.challenge(exchange->answer(first));
    EXPECT_EQ(server.result, GSASL_OK);
    EXPECT_FALSE(exchange->is_complete());
    EXPECT_EQ(exchange->answer(last), "");
    EXPECT_TRUE(exchange->is_complete());
}

TEST_P(Scram, AServerThatGoesOnBehindItsProofIsAtFault) {
    const auto exchange = make_exchange(GetParam(), me);
    Server server(std::string(facts(GetParam()).name).c_str(), "secret pass");
    const auto last = server.challenge(exchange->answer(server.challenge(exchange->answer(""))));
    exchange->answer(last);
    try {
        exchange->answer(last);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.category(), Category::protocol) << error.what();
    }
}

TEST_P(Scram, NeverSendsThePassword) {
    const auto exchange = make_exchange(GetParam(), me);
    Server server(std::string(facts(GetParam()).name).c_str(), "secret pass");
    const auto one = exchange->answer("");
    const auto two = exchange->answer(server.challenge(one));
    EXPECT_EQ((one + two).find("secret"), std::string::npos);
}

TEST_P(Scram, RefusesAServerThatDoesNotKnowThePassword) {
    const auto exchange = make_exchange(GetParam(), me);
    Server server(std::string(facts(GetParam()).name).c_str(), "another");
    exchange->answer(server.challenge(exchange->answer("")));
    try {
        exchange->answer("v=AAAAAAAAAAAAAAAAAAAAAAAAAAA=");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.category(), Category::protocol);
        EXPECT_FALSE(exchange->is_complete());
    }
}

TEST_P(Scram, AServerThatNamesAReasonHasRefusedAndProvenNothing) {
    const auto exchange = make_exchange(GetParam(), me);
    Server server(std::string(facts(GetParam()).name).c_str(), "another");
    exchange->answer(server.challenge(exchange->answer("")));
    EXPECT_EQ(exchange->answer("e=invalid-proof"), "");
    EXPECT_EQ(exchange->complaint(), "invalid-proof");
    EXPECT_FALSE(exchange->is_complete());
}

TEST_P(Scram, RefusesNonsense) {
    for (const char* nonsense : {"", "r=", "x", "r=other,s=AAAA,i=1", "\xff\xfe"}) {
        const auto exchange = make_exchange(GetParam(), me);
        exchange->answer("");
        EXPECT_THROW(exchange->answer(nonsense), Error) << nonsense;
    }
}

TEST_P(Scram, ASaltThatIsNoBase64IsTheServersFault) {
    const auto exchange = make_exchange(GetParam(), me);
    const auto first = exchange->answer("");
    try {
        exchange->answer(first.substr(first.find("r=")) + "server,s=xc2FsdA==,i=4096");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.category(), Category::protocol) << error.what();
    }
}

/// The server's first message, for a client that has said `first`.
std::string with_iterations(const std::string& first, const std::string& count) {
    return first.substr(first.find("r=")) + "server,s=c2FsdA==,i=" + count;
}

TEST_P(Scram, RefusesAServerThatWantsToKeepItBusyForHours) {
    for (const char* count : {"4000000000", "1000001", "99999999999999999999999", "4096x", ""}) {
        const auto exchange = make_exchange(GetParam(), me);
        const auto first = exchange->answer("");
        try {
            exchange->answer(with_iterations(first, count));
            FAIL() << count;
        } catch (const Error& error) {
            EXPECT_EQ(error.category(), Category::protocol);
            EXPECT_EQ(error.said(), std::string("i=") + count);
        }
    }
}

TEST_P(Scram, HashesAsOftenAsTheServerWants) {
    const auto exchange = make_exchange(GetParam(), me);
    EXPECT_NE(exchange->answer(with_iterations(exchange->answer(""), "600000")), "");
}

TEST(Exchange, OfDigestMd5NamesTheServiceAsRfc5034Does) {
    const auto exchange = make_exchange(Mechanism::digest_md5, me);
    const auto answer = exchange->answer(
        R"(realm="example.com",nonce="OA6MG9tEQGm2hh",qop="auth",charset=utf-8,algorithm=md5-sess)");
    EXPECT_NE(answer.find(R"(digest-uri="pop/pop.example.com")"), std::string::npos) << answer;
}

TEST(Exchange, OfPlainIsOneAnswer) {
    const auto exchange = make_exchange(Mechanism::plain, me);
    EXPECT_EQ(exchange->answer(""), std::string("\0me@example.com\0secret pass", 27));
    EXPECT_TRUE(exchange->is_complete());
}

TEST(Exchange, OfPlainGivesThePasswordOnce) {
    const auto exchange = make_exchange(Mechanism::plain, me);
    exchange->answer("");
    try {
        exchange->answer("");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.category(), Category::protocol) << error.what();
    }
}

}  // namespace
}  // namespace popkeep::sasl
