#include <gtest/gtest.h>

#include "pop3/greeting.hpp"
#include "pop3/scripted_server.hpp"
#include "pop3/session.hpp"

namespace popkeep::pop3 {
namespace {

struct Answer {
    Reply reply;
    std::string content;
};

Answer ask(Session& session, std::string_view command, bool raw = false) {
    Answer answer;
    session.ask(
        command, shape_of(parse_command(command)), raw, [&](const Reply& reply) { answer.reply = reply; },
        [&](std::string_view piece) { answer.content += piece; });
    return answer;
}

TEST(Ask, ByHandAllOfRfc1939Works) {
    const ScriptedServer server;
    auto session = Session::open(server.endpoint(), login(), impatient());
    EXPECT_TRUE(ask(session, "STAT").reply.text.starts_with("5 "));
    EXPECT_EQ(ask(session, "UIDL").content.substr(0, 13), "1 uid-000001\n");
    EXPECT_EQ(ask(session, "uidl 2").reply.text, "2 uid-000002");
    EXPECT_TRUE(ask(session, "NOOP").reply.ok);
    EXPECT_FALSE(ask(session, "RETR 99").reply.ok);
    EXPECT_TRUE(ask(session, "DELE 1").reply.ok);
    EXPECT_TRUE(ask(session, "RSET").reply.ok);
    EXPECT_EQ(ask(session, "QUIT").reply.text, "bye");
    EXPECT_THROW(ask(session, "NOOP"), Error);
}

TEST(Ask, MessagesAreDecodedOrRaw) {
    const ScriptedServer server;
    auto session = Session::open(server.endpoint(), login(), impatient());
    const auto decoded = ask(session, "RETR 1").content;
    EXPECT_NE(decoded.find("\n.dot first\n"), std::string::npos);
    EXPECT_EQ(decoded.find('\r'), std::string::npos);
    const auto raw = ask(session, "RETR 1", true).content;
    EXPECT_NE(raw.find("\r\n..dot first\r\n"), std::string::npos);
    EXPECT_TRUE(raw.ends_with("\r\n.\r\n"));
}

TEST(Ask, AnUnknownVerbsAnswerMayGoOnOrNot) {
    const ScriptedServer server;
    auto session = Session::open(server.endpoint(), login(), impatient());
    Answer answer;
    const auto status = [&](const Reply& reply) { answer.reply = reply; };
    const auto content = [&](std::string_view piece) { answer.content += piece; };
    session.ask("CAPA", Shape::unknown, false, status, content);
    EXPECT_NE(answer.content.find("UIDL\n"), std::string::npos);
    answer = {};
    session.ask("NOOP", Shape::unknown, false, status, content);
    EXPECT_TRUE(answer.reply.ok);
    EXPECT_EQ(answer.content, "");
    EXPECT_TRUE(ask(session, "QUIT").reply.ok);
}

TEST(Greeting, IsHadWithoutSayingWhoOneIs) {
    const ScriptedServer server;
    EXPECT_EQ(greeting_of(server.endpoint(), impatient()), "+OK popserver ready");
}

}  // namespace
}  // namespace popkeep::pop3
