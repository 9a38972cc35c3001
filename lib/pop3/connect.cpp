#include "pop3/connect.hpp"

#include "pop3/choice.hpp"
#include "pop3/conversation.hpp"
#include "pop3/stream.hpp"

namespace popkeep::pop3 {
namespace {

bool is_for_libcurl(const Login& login) {
    return login.mechanism != Mechanism::automatic &&
           sasl::facts(login.mechanism).speaker == sasl::Speaker::libcurl;
}

}  // namespace

std::unique_ptr<Connection> connect(const Endpoint& endpoint, const Options& options, Login& login) {
    if (is_for_libcurl(login)) return std::make_unique<Connection>(endpoint, options, &login);
    auto connection = std::make_unique<Connection>(endpoint, options, nullptr);
    const auto& prologue = connection->prologue();
    login.mechanism = choose(login,
                             {.capabilities = prologue.capabilities(),
                              .greeting = prologue.greeting(),
                              .confidential = connection->is_confidential()},
                             endpoint.place());
    if (!is_for_libcurl(login)) return connection;
    leave(*connection, options, endpoint.place());
    connection.reset();
    return std::make_unique<Connection>(endpoint, options, &login);
}

void leave(Connection& connection, const Options& options, const std::string& place) noexcept {
    try {
        Stream stream(connection.handle());
        Conversation conversation(stream, options, place);
        conversation.send("QUIT");
        conversation.reply(conversation.limits().quit);
    } catch (...) {
        // Nothing hangs on the answer.
        return;
    }
}

}  // namespace popkeep::pop3
