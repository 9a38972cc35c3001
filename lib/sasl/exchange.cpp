#include "sasl/exchange.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "sasl/gsasl_exchange.hpp"
#include "sasl/token_exchange.hpp"

namespace popkeep::sasl {

std::unique_ptr<Exchange> make_exchange(Mechanism mechanism, const Identity& identity) {
    switch (mechanism) {
        case Mechanism::plain:
        // libcurl 7.88 gives up at Dovecot's challenge, which has its algorithm in quotes.
        case Mechanism::digest_md5:
        case Mechanism::scram_sha_1:
        case Mechanism::scram_sha_256:
            return std::make_unique<GsaslExchange>(facts(mechanism).name, identity);
        case Mechanism::xoauth2:
        case Mechanism::oauthbearer:
            return std::make_unique<TokenExchange>(mechanism, identity);
        default:
            throw Error(Category::software,
                        fmt::format("the mechanism {} is not spoken here", key_of(mechanism)));
    }
}

}  // namespace popkeep::sasl
