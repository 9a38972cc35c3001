#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "secret/password.hpp"

namespace popkeep::oauth {

/// Popkeep as one provider knows it (RFC 6749 section 2), for one account.
struct Client {
    std::string account;  ///< its name, for messages: `popkeep login NAME`
    std::string user;     ///< whose mailbox; hinted at in the browser
    std::string id;
    /// The client's secret, asked for when it is needed; empty: a public client.
    std::function<secret::Password()> secret;
    std::string authorization_url, token_url, device_url;  ///< https, or http on a loopback host
    std::string scope;                                     ///< blanks between them; may be empty
    std::string redirect_url;
    std::string ca;          ///< file or folder; empty: the system's
    std::string proxy;       ///< empty: none
    std::string proxy_user;  ///< empty: none
    /// Asked for when it is needed; empty: none.
    std::function<secret::Password()> proxy_password;
    std::chrono::seconds timeout{60};  ///< for a whole answer
};

}  // namespace popkeep::oauth
