#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "sasl/mechanism.hpp"

namespace popkeep::sasl {

/// What a mechanism proves, and where.
struct Identity {
    std::string_view user;
    std::string_view password;  ///< or access token
    std::string_view host;
    unsigned port = 0;
};

/// The client's side of one SASL exchange (RFC 4422), without the protocol's framing and base64.
class Exchange {
  public:
    Exchange() = default;
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;
    virtual ~Exchange() = default;

    /// The answer to the server's challenge; where the client speaks first, the first challenge is empty.
    /// It may hold a secret. Throws Error if there is none to give: the exchange is then to be cancelled.
    virtual std::string answer(std::string_view challenge) = 0;
    /// Whether the server's +OK may be believed: with SCRAM it has to prove that it knows the password.
    virtual bool is_complete() const { return true; }
    /// What the server told of a refusal within the exchange; empty: nothing.
    virtual std::string complaint() const { return {}; }
};

/// For mechanisms of Speaker::exchange; `identity`'s texts must outlive it.
std::unique_ptr<Exchange> make_exchange(Mechanism mechanism, const Identity& identity);

}  // namespace popkeep::sasl
