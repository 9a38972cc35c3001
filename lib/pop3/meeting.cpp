#include "pop3/meeting.hpp"

#include "base/interrupt.hpp"
#include "pop3/choice.hpp"
#include "pop3/connect.hpp"
#include "pop3/tls.hpp"

namespace popkeep::pop3 {

std::string Meeting::way_in(const Login& login) const {
    return name_of(choose(
        login, {.capabilities = capabilities, .greeting = greeting, .confidential = confidential}, place));
}

Meeting meet(const Endpoint& endpoint, const Options& options) {
    interrupt::check();
    Connection connection(endpoint, options, nullptr);
    Meeting meeting{.place = endpoint.place(),
                    .greeting = connection.prologue().greeting(),
                    .capabilities = connection.prologue().capabilities(),
                    .tls = {},
                    .confidential = connection.is_confidential()};
    leave(connection, options, meeting.place);
    // Before anything was sent on it libcurl does not give the connection away.
    meeting.tls = tls_facts(connection.handle());
    return meeting;
}

}  // namespace popkeep::pop3
