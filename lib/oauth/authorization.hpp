#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "oauth/tokens.hpp"

namespace popkeep::oauth {

/// `bytes` random ones as base64url.
std::string random_text(std::size_t bytes);

/// One authorization by the browser (RFC 6749 section 4.1) with PKCE (RFC 7636, S256) and a state.
class Authorization {
  public:
    /// `redirect_url`: where the browser will really be sent, port included.
    Authorization(const Client& client, std::string redirect_url);

    /// Where the person signs in.
    std::string url() const;

    enum class Reading { code, foreign, nothing };
    /// Looks into an address that the browser was sent back to, or its query. `code`: it holds this
    /// authorization's code, which is kept; `foreign`: another one's. Throws Refused if it says no to ours.
    Reading read(std::string_view address);

    /// Exchanges the code. Throws Refused or Error.
    Tokens redeem() const;

  private:
    const Client& client_;
    std::string redirect_url_, verifier_, state_, code_;
};

}  // namespace popkeep::oauth
