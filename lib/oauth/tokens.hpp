#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "oauth/client.hpp"
#include "oauth/http.hpp"

namespace popkeep::oauth {

/// What a sign-in gave, as it is kept. Times are seconds since 1970.
struct Tokens {
    std::string grant;    ///< random, made at the sign-in: stands for it in what is remembered of refusals
    std::string access;   ///< empty: to be refreshed
    std::string refresh;  ///< empty: the provider gave none
    std::int64_t obtained_at = 0;
    std::optional<std::int64_t> expires_at;          ///< of `access`; nothing: not told
    std::optional<std::int64_t> refresh_expires_at;  ///< likewise
    std::int64_t refresh_life = 0;                   ///< seconds, when it was given
    std::string scope;                               ///< granted, if it isn't what was asked for
    std::string refused;         ///< why refreshing was refused for good; empty: it wasn't
    std::int64_t warned_at = 0;  ///< of the refresh token's end

    Tokens() = default;
    Tokens(const Tokens&) = default;
    Tokens& operator=(const Tokens&) = default;
    ~Tokens();

    std::string to_json() const;
    /// Nothing if it isn't what to_json() writes.
    static std::optional<Tokens> from_json(std::string_view text);
};

/// The authorization server said no (RFC 6749 section 5.2, RFC 8628 section 3.5).
class Refused : public Error {
  public:
    Refused(Error error, std::string code) : Error(std::move(error)), code_(std::move(code)) {}
    const std::string& code() const noexcept { return code_; }
    /// Only a new sign-in helps.
    bool for_good() const;

  private:
    std::string code_;
};

/// Asks with `form`, to which the client's id and secret are added. Throws Error.
Answer asked(const Client& client, const std::string& url, Form& form);

/// What the token endpoint's answer to `form` brings, from now on. Throws Refused or Error, which repeat none
/// of `form`'s secrets.
Tokens tokens_in(const Client& client, const Answer& answer, const Form& form);
/// Asks the token endpoint with `form`; the client's id and secret are added. Throws Refused or Error.
Tokens ask_for_tokens(const Client& client, Form form);
/// The refresh token's use; what the answer doesn't renew stays as in `old`.
Tokens refreshed(const Client& client, const Tokens& old);

/// Throws what an answer means that brings nothing; none of `form`'s secrets is repeated.
[[noreturn]] void refuse(const Client& client, const std::string& url, const Answer& answer,
                         const Form& form);

}  // namespace popkeep::oauth
