#pragma once

#include "sasl/exchange.hpp"

namespace popkeep::sasl {

/// XOAUTH2 or OAUTHBEARER: sends the access token at once; a second challenge is a refusal, which ends with
/// an empty answer or ^A (RFC 7628 section 3.2.3). complaint() is the refusal's JSON as it came.
class TokenExchange : public Exchange {
  public:
    TokenExchange(Mechanism mechanism, const Identity& identity)
        : bearer_(mechanism == Mechanism::oauthbearer), identity_(identity) {}

    std::string answer(std::string_view challenge) override;
    std::string complaint() const override { return complaint_; }

  private:
    bool bearer_;
    Identity identity_;
    bool sent_ = false;
    std::string complaint_;
};

}  // namespace popkeep::sasl
