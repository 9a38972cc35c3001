#pragma once

#include <curl/curl.h>

#include <string_view>

#include "pop3/endpoint.hpp"
#include "pop3/prologue.hpp"
#include "pop3/session.hpp"

namespace popkeep::pop3 {

/// All that is known about a connection that failed.
struct FailedConnect {
    CURL* handle;
    const Endpoint& endpoint;
    const Prologue& prologue;
    const char* message;        ///< libcurl's own, perhaps empty
    const Login* login;         ///< what libcurl was to sign in with, if it was
    std::string_view kerberos;  ///< what the Kerberos library complains of, if it does
    const TlsFacts& presented;  ///< what the server showed of itself, verified or not
};

/// Says in our words why libcurl's part failed: LoginRefused, CertificateRefused, or an Error of category
/// no_host, unavailable, temporary, protocol or configuration.
[[noreturn]] void throw_connect_error(CURLcode result, const FailedConnect& failed);

}  // namespace popkeep::pop3
