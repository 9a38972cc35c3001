#include "version.hpp"

#include <curl/curl.h>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sqlite3.h>

namespace popkeep::cmd {

std::string version_text() {
    return fmt::format("popkeep {}\nlibcurl {}\nSQLite {}\nOpenSSL {}\n", POPKEEP_VERSION,
                       curl_version_info(CURLVERSION_NOW)->version, sqlite3_libversion(),
                       OpenSSL_version(OPENSSL_VERSION_STRING));
}

}  // namespace popkeep::cmd
