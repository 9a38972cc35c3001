#pragma once

#include <string>
#include <string_view>

#include "secret/source.hpp"

namespace popkeep::config {

/// What `popkeep login` and the refreshing of tokens need to know (RFC 6749, RFC 8628). Each member is the
/// key oauth_… of its name, unless it says otherwise.
struct OAuth {
    enum class Store { file, keyring };

    std::string client_id;
    /// oauth_client_secret (no flag), oauth_client_secret_command, oauth_client_secret_file; may be absent.
    secret::Source client_secret;
    std::string authorization_url, token_url, device_url;
    std::string scope;  ///< scopes with blanks between them
    /// Where the browser is sent back to. On a loopback host popkeep listens there, on a free port unless one
    /// is named.
    std::string redirect_url = "http://127.0.0.1";
    std::string ca;  ///< for the authorization server
    Store store = Store::file;
};

/// "https://…"; "http://" is for loopback hosts only.
std::string parse_web_url(std::string_view text);
/// One or more scopes with blanks between them (RFC 6749 section 3.3).
std::string parse_scope(std::string_view text);
/// "file" or "keyring".
OAuth::Store parse_store(std::string_view text);
std::string to_text(OAuth::Store store);

}  // namespace popkeep::config
