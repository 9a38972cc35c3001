#include "pop3/session.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "pop3/scripted_server.hpp"

namespace popkeep::pop3 {
namespace {

using Lines = std::vector<std::string>;

/// What a session says and hears, as "> USER me" and "< +OK".
Options traced(Lines& conversation) {
    auto options = impatient();
    options.trace = [&](Direction direction, std::string_view line) {
        conversation.push_back((direction == Direction::sent ? "> " : "< ") + std::string(line));
    };
    return options;
}

bool contains(const Lines& conversation, std::string_view text) {
    return std::any_of(conversation.begin(), conversation.end(),
                       [&](const std::string& line) { return line.find(text) != std::string::npos; });
}

TEST(Session, SignsInAndListsInOneFlight) {
    const ScriptedServer server;
    Lines conversation;
    const auto session = Session::open(server.endpoint(), login(), traced(conversation));
    const Lines flight{"> UTF8", "> USER me@example.com", "> PASS ****", "> CAPA", "> UIDL", "> LIST"};
    EXPECT_NE(std::search(conversation.begin(), conversation.end(), flight.begin(), flight.end()),
              conversation.end());
    EXPECT_EQ(session.signed_in_by(), "USER/PASS");
    EXPECT_EQ(session.greeting(), "+OK popserver ready");
    EXPECT_EQ(session.listing().messages().size(), 5U);
    EXPECT_EQ(session.listing().messages()[0].uid, "uid-000001");
    EXPECT_TRUE(session.pipelining());
    EXPECT_TRUE(session.has_top());
}

TEST(Session, SaysOneThingAtATimeInLockStep) {
    const ScriptedServer server;
    Lines conversation;
    auto options = traced(conversation);
    options.lockstep = true;
    const auto session = Session::open(server.endpoint(), login(), options);
    EXPECT_FALSE(session.pipelining());
    EXPECT_EQ(session.listing().messages().size(), 5U);
    for (std::size_t i = 1; i < conversation.size(); ++i)
        EXPECT_FALSE(conversation[i - 1].starts_with("> ") && conversation[i].starts_with("> "));
}

TEST(Session, TracesNoSecret) {
    for (const auto mechanism : {Mechanism::user, Mechanism::plain}) {
        const ScriptedServer server;
        Lines conversation;
        const auto session = Session::open(server.endpoint(), login(mechanism), traced(conversation));
        EXPECT_FALSE(contains(conversation, "secret pass"));
        EXPECT_FALSE(contains(conversation, "AG1lQGV4YW1wbGUuY29tAHNlY3JldCBwYXNz"));
        EXPECT_TRUE(contains(conversation, "****"));
    }
}

TEST(Session, SignsInByTheMechanismNamed) {
    const ScriptedServer server({"--apop", "<1896.697170952@dbc.mtview.ca.us>"});
    EXPECT_EQ(Session::open(server.endpoint(), login(Mechanism::plain), impatient()).signed_in_by(),
              "SASL PLAIN");
    EXPECT_EQ(Session::open(server.endpoint(), login(Mechanism::apop), impatient()).signed_in_by(), "APOP");
    EXPECT_EQ(Session::open(server.endpoint(), login(Mechanism::user), impatient()).signed_in_by(),
              "USER/PASS");
}

TEST(Session, SendsNothingIfTheMechanismNamedIsNotOffered) {
    const ScriptedServer server;
    try {
        Session::open(server.endpoint(), login(Mechanism::apop), impatient());
        FAIL();
    } catch (const LoginRefused& refused) {
        EXPECT_EQ(refused.category(), Category::protocol);
        EXPECT_FALSE(refused.credential_refused());
    }
}

struct Refusal {
    const char* scenario;
    Category category;
    ResponseCode code;
};

TEST(Session, TellsWhySignInWasRefused) {
    for (const auto& row : std::vector<Refusal>{
             {"D20-auth", Category::permission, ResponseCode::auth},
             {"D20-in-use", Category::temporary, ResponseCode::in_use},
             {"D20-login-delay", Category::temporary, ResponseCode::login_delay},
             {"D20-sys-temp", Category::temporary, ResponseCode::sys_temp},
             {"D20-sys-perm", Category::unavailable, ResponseCode::sys_perm},
             {"D20-maildrop-locked-text", Category::temporary, ResponseCode::none},
         }) {
        SCOPED_TRACE(row.scenario);
        const ScriptedServer server({"--scenario", row.scenario});
        try {
            Session::open(server.endpoint(), login(), impatient());
            ADD_FAILURE();
        } catch (const LoginRefused& refused) {
            EXPECT_EQ(refused.category(), row.category);
            EXPECT_EQ(refused.code(), row.code);
            EXPECT_FALSE(refused.said().empty());
        }
    }
}

struct Unopened {
    const char* scenario;
    Category category;
};

TEST(Session, EndsInTimeAndSaysWhyIfItCantBeOpened) {
    for (const auto& row : std::vector<Unopened>{
             {"D20-close-without-reply", Category::temporary},
             {"D20-never-answers", Category::temporary},
             {"D21-greeting-closes", Category::temporary},
             {"D21-greeting-endless-line", Category::temporary},
             {"D21-greeting-err", Category::unavailable},
             {"D21-greeting-http", Category::protocol},
             {"D21-greeting-in-use", Category::temporary},
             {"D21-greeting-never", Category::temporary},
             {"D21-greeting-smtp", Category::protocol},
             {"D22-capa-endless", Category::temporary},
             {"D22-capa-no-list", Category::temporary},
             {"D29-endless-listing", Category::protocol},
         }) {
        SCOPED_TRACE(row.scenario);
        const ScriptedServer server({"--scenario", row.scenario});
        try {
            Session::open(server.endpoint(), login(), impatient());
            ADD_FAILURE();
        } catch (const Error& error) {
            EXPECT_EQ(error.category(), row.category) << error.what();
            EXPECT_EQ(error.where(), server.endpoint().place());
        }
    }
}

TEST(Session, OpensWithEveryOddCapability) {
    for (const auto* scenario :
         {"D21-greeting-bare", "D21-greeting-late", "D22-capa-changes-after-login", "D22-capa-dot-line",
          "D22-capa-empty", "D22-capa-err", "D22-capa-junk", "D22-capa-lower-case",
          "D22-capa-more-after-login", "D22-capa-omits-user-and-sasl"}) {
        SCOPED_TRACE(scenario);
        const ScriptedServer server({"--scenario", scenario});
        EXPECT_EQ(Session::open(server.endpoint(), login(), impatient()).listing().messages().size(), 5U);
    }
}

TEST(Session, ListsWithoutUidlAndWithoutSizes) {
    const ScriptedServer no_uidl({"--scenario", "D13-no-uidl"});
    const auto without_uids = Session::open(no_uidl.endpoint(), login(), impatient()).listing();
    EXPECT_FALSE(without_uids.has_uids);
    EXPECT_EQ(without_uids.messages().size(), 5U);
    const ScriptedServer no_list({"--scenario", "D10-list-refused"});
    const auto without_sizes = Session::open(no_list.endpoint(), login(), impatient()).listing();
    EXPECT_TRUE(without_sizes.has_uids);
    ASSERT_EQ(without_sizes.messages().size(), 5U);
    EXPECT_FALSE(without_sizes.messages()[0].octets);
}

TEST(Session, TakesAnEmptyMailbox) {
    const ScriptedServer server({"--scenario", "D29-empty-mailbox"});
    EXPECT_TRUE(Session::open(server.endpoint(), login(), impatient()).listing().messages().empty());
}

TEST(Session, SaysThatNobodyListens) {
    auto endpoint = ScriptedServer().endpoint();  // the server is gone at the end of this line
    try {
        Session::open(endpoint, login(), impatient());
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.category(), Category::unavailable);
    }
    endpoint.host = "nosuch.invalid";
    try {
        Session::open(endpoint, login(), impatient());
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.category(), Category::no_host);
    }
    endpoint.host = "host/path";
    try {
        Session::open(endpoint, login(), impatient());
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.category(), Category::configuration);
    }
}

TEST(Session, SpeaksIpv6) {
    const ScriptedServer server({"--ipv6"});
    auto endpoint = server.endpoint();
    endpoint.host = "::1";
    EXPECT_EQ(endpoint.place(), "[::1]:" + std::to_string(endpoint.port));
    EXPECT_EQ(Session::open(endpoint, login(), impatient()).listing().messages().size(), 5U);
}

TEST(Session, IgnoresProxiesOfTheEnvironment) {
    setenv("all_proxy", "http://127.0.0.1:1", 1);
    const ScriptedServer server;
    EXPECT_NO_THROW(Session::open(server.endpoint(), login(), impatient()));
    auto endpoint = server.endpoint();
    endpoint.proxy = "http://127.0.0.1:1";
    EXPECT_THROW(Session::open(endpoint, login(), impatient()), Error);
    unsetenv("all_proxy");
}

TEST(Session, SendsNoQuitUnlessTold) {
    const ScriptedServer server;
    Lines conversation;
    { const auto session = Session::open(server.endpoint(), login(), traced(conversation)); }
    EXPECT_FALSE(contains(conversation, "QUIT"));
    auto session = Session::open(server.endpoint(), login(), traced(conversation));
    session.quit();
    session.quit();
    EXPECT_EQ(std::count(conversation.begin(), conversation.end(), "> QUIT"), 1);
}

}  // namespace
}  // namespace popkeep::pop3
