#include "pop3/connect.hpp"

#include "pop3/choice.hpp"

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
    connection.reset();
    return std::make_unique<Connection>(endpoint, options, &login);
}

}  // namespace popkeep::pop3
