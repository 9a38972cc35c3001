#pragma once

#include "sasl/exchange.hpp"

struct Gsasl;
struct Gsasl_session;

namespace popkeep::sasl {

/// A mechanism that goes by user and password, by libgsasl. Without channel binding.
class GsaslExchange : public Exchange {
  public:
    GsaslExchange(std::string_view name, const Identity& identity);

    std::string answer(std::string_view challenge) override;
    bool is_complete() const override { return complete_; }
    /// What SCRAM's server names as the reason: "invalid-proof" is a wrong password.
    std::string complaint() const override { return complaint_; }

  private:
    struct End {
        void operator()(Gsasl* library) const noexcept;
        void operator()(Gsasl_session* session) const noexcept;
    };

    std::unique_ptr<Gsasl, End> library_;
    std::unique_ptr<Gsasl_session, End> session_;
    bool is_scram_;
    bool complete_ = false;
    std::string complaint_;
};

}  // namespace popkeep::sasl
