#include "pop3/greeting.hpp"

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "pop3/connection.hpp"

namespace popkeep::pop3 {

std::string greeting_of(const Endpoint& endpoint, const Options& options) {
    interrupt::check();
    try {
        const Connection connection(endpoint, options, nullptr);
        return connection.prologue().greeting();
    } catch (Error& error) {
        error.at(endpoint.place());
        throw;
    }
}

}  // namespace popkeep::pop3
