#pragma once

#include <curl/curl.h>

#include "pop3/session.hpp"

namespace popkeep::pop3 {

/// The facts of the TLS connection of `handle`; all empty without TLS.
TlsFacts tls_facts(CURL* handle);

}  // namespace popkeep::pop3
