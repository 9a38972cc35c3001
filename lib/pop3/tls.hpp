#pragma once

#include <curl/curl.h>

#include "pop3/session.hpp"

namespace popkeep::pop3 {

/// The facts of the TLS connection of `handle`; all empty without TLS.
TlsFacts tls_facts(CURL* handle);

/// Has the certificates that the server sends noted in `presented`, also if their verification, which stays
/// as it is, refuses them. Without effect where libcurl's TLS library isn't OpenSSL. `presented` must outlive
/// the handle.
void note_presented(CURL* handle, TlsFacts& presented);

}  // namespace popkeep::pop3
