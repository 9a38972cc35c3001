#include "pop3/connection.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <string>

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "pop3/connect_error.hpp"
#include "pop3/limits.hpp"
#include "pop3/mask.hpp"
#include "pop3/stream.hpp"
#include "pop3/tls.hpp"

namespace popkeep::pop3 {
namespace {

/// The URL for libcurl. User and password are never in it: nearly every user name has an "@".
std::string url_of(const Endpoint& endpoint) {
    const auto& host = endpoint.host;
    const bool odd =
        host.find_first_of("/@?#\\[] \t\r\n") != std::string::npos || host.find('\0') != std::string::npos;
    if (host.empty() || odd || host.size() > 255)
        throw Error(Category::configuration, "this is not a host name").said(host);
    const char* scheme = endpoint.transport == Transport::implicit_tls ? "pop3s" : "pop3";
    if (host.find(':') == std::string::npos) return fmt::format("{}://{}:{}/", scheme, host, endpoint.port);
    // The zone of a link-local address is written %25 in a URL (RFC 6874).
    auto literal = host;
    if (const auto zone = literal.find('%'); zone != std::string::npos) literal.replace(zone, 1, "%25");
    return fmt::format("{}://[{}]:{}/", scheme, literal, endpoint.port);
}

bool is_folder(const std::string& path) {
    struct stat facts {};
    return stat(path.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode);
}

/// A command as libcurl sent it, without what must not be seen.
std::string shown(std::string_view command) {
    while (command.ends_with('\n') || command.ends_with('\r')) command.remove_suffix(1);
    if (command == "CAPA" || command == "STLS") return std::string(command);
    // The mechanism's name; what may stand behind it is an answer already.
    if (command.starts_with("AUTH ")) {
        const auto end = command.find(' ', 5);
        return std::string(command.substr(0, end)) + (end == std::string_view::npos ? "" : " ****");
    }
    if (command.starts_with("APOP ")) return "APOP ****";
    return "****";
}

/// libcurl wants its global part initialised before the first handle and by one thread.
void initialise() {
    static const CURLcode result = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (result != CURLE_OK) throw Error(Category::temporary, "libcurl could not be initialised");
}

}  // namespace

Connection::Connection(const Endpoint& endpoint, const Options& options, const Login* login)
    : endpoint_(endpoint), options_(options), prologue_(endpoint.transport == Transport::stls) {
    initialise();
    handle_.reset(curl_easy_init());
    if (!handle_) throw Error(Category::temporary, "libcurl gives no handle");
    set_callbacks();
    set_where();
    if (!endpoint_.tunnel.empty()) set_tunnel();
    set_waits();
    set_tls();
    if (login != nullptr) set_login(*login);

    const CURLcode result = curl_easy_perform(handle());
    secret_ = {};
    if (result == CURLE_OK) return;
    interrupt::check();
    if (thrown_) std::rethrow_exception(thrown_);
    throw_connect_error(result,
                        {handle(), endpoint_, prologue_, error_.data(), login, kerberos_, presented_});
}

bool Connection::is_confidential() const {
    if (endpoint_.transport != Transport::plaintext) return true;
    if (!endpoint_.socket.empty() || !endpoint_.tunnel.empty()) return true;
    const char* address = nullptr;
    if (!endpoint_.proxy.empty() || curl_easy_getinfo(handle(), CURLINFO_PRIMARY_IP, &address) != CURLE_OK ||
        address == nullptr)
        return false;
    return std::string_view(address).starts_with("127.") || std::string_view(address) == "::1";
}

template <typename Value>
void Connection::set(CURLoption option, Value value) {
    const CURLcode result = curl_easy_setopt(handle(), option, value);
    if (result == CURLE_OK) return;
    const auto* about = curl_easy_option_by_id(option);
    throw Error(Category::configuration, fmt::format("libcurl doesn't take the value given for {}",
                                                     about == nullptr ? "an option" : about->name))
        .said(curl_easy_strerror(result));
}

void Connection::set_where() {
    set(CURLOPT_URL, url_of(endpoint_).c_str());
    set(CURLOPT_PROTOCOLS_STR, "pop3,pop3s");
    set(CURLOPT_CONNECT_ONLY, 1L);
    // An empty proxy, or an empty list of exceptions, keeps libcurl from asking the environment.
    set(CURLOPT_PROXY, endpoint_.proxy.c_str());
    set(CURLOPT_NOPROXY, "");
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    if (!endpoint_.proxy_user.empty()) {
        set(CURLOPT_PROXYUSERNAME, endpoint_.proxy_user.c_str());
        set(CURLOPT_PROXYPASSWORD, endpoint_.proxy_password.c_str());
        // The safest that an HTTP proxy has.
        set(CURLOPT_PROXYAUTH, static_cast<long>(CURLAUTH_ANY));
    }
    if (!endpoint_.source_address.empty())
        set(CURLOPT_INTERFACE, fmt::format("host!{}", endpoint_.source_address).c_str());
    if (endpoint_.family != AddressFamily::any)
        set(CURLOPT_IPRESOLVE,
            static_cast<long>(endpoint_.family == AddressFamily::ipv4 ? CURL_IPRESOLVE_V4
                                                                      : CURL_IPRESOLVE_V6));
    if (!endpoint_.socket.empty()) set(CURLOPT_UNIX_SOCKET_PATH, endpoint_.socket.c_str());
    set(CURLOPT_TCP_KEEPALIVE, 1L);
    set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    // Left at its 16 KiB, this is also the most that curl_easy_recv() brings.
    set(CURLOPT_BUFFERSIZE, static_cast<long>(Stream::buffer_size));
}

void Connection::set_tunnel() {
    tunnel_.emplace(endpoint_.tunnel);
    set(CURLOPT_UNIX_SOCKET_PATH, tunnel_->socket().c_str());
}

void Connection::set_waits() {
    // No CURLOPT_TIMEOUT: libcurl 8.17 and 8.18 fail at once with it on a CONNECT_ONLY handle.
    const auto seconds = static_cast<long>(Limits::of(options_).connect.count());
    set(CURLOPT_CONNECTTIMEOUT, seconds);
    set(CURLOPT_SERVER_RESPONSE_TIMEOUT, seconds);
    set(CURLOPT_NOSIGNAL, 1L);
    // Else the end of the handle waits for a look-up of the name that nobody answers.
    set(CURLOPT_QUICK_EXIT, 1L);
}

void Connection::set_tls() {
    if (endpoint_.transport == Transport::stls) set(CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
    set(CURLOPT_SSLVERSION,
        static_cast<long>(endpoint_.tls_min == TlsVersion::v1_3 ? CURL_SSLVERSION_TLSv1_3
                                                                : CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    note_presented(handle(), presented_);
    if (!endpoint_.ca.empty()) {
        const bool folder = is_folder(endpoint_.ca);
        // Only what is named counts: the other default is switched off.
        set(CURLOPT_CAPATH, folder ? endpoint_.ca.c_str() : nullptr);
        set(CURLOPT_CAINFO, folder ? nullptr : endpoint_.ca.c_str());
    }
    if (!endpoint_.pins.empty())
        set(CURLOPT_PINNEDPUBLICKEY, fmt::format("{}", fmt::join(endpoint_.pins, ";")).c_str());
    if (!endpoint_.client_certificate.empty()) set(CURLOPT_SSLCERT, endpoint_.client_certificate.c_str());
    if (!endpoint_.client_key.empty()) set(CURLOPT_SSLKEY, endpoint_.client_key.c_str());
}

void Connection::set_login(const Login& login) {
    if (login.proof() == sasl::Proof::ticket)
        set_ticket(login);
    else
        set(CURLOPT_USERNAME, login.user.c_str());
    set(CURLOPT_PASSWORD, login.password.c_str());
    secret_ = login.password;
    // Always named: left to itself libcurl may choose GSSAPI or NTLM, fail, and try nothing else.
    const auto& mechanism = sasl::facts(login.mechanism);
    set(CURLOPT_LOGIN_OPTIONS,
        fmt::format("AUTH={}{}", mechanism.is_sasl() ? "" : "+", mechanism.name).c_str());
}

void Connection::set_ticket(const Login& login) {
    // Without a realm in it libcurl wouldn't try. It sends this name nowhere; what is sent is whose mailbox
    // is wanted (RFC 4752 section 3.1), or else the server would open that of whoever the ticket is for.
    set(CURLOPT_USERNAME, "user@REALM");
    set(CURLOPT_SASL_AUTHZID, login.user.c_str());
    // The only place where libcurl says what the Kerberos library said.
    set(CURLOPT_VERBOSE, 1L);
}

void Connection::set_callbacks() {
    set(CURLOPT_ERRORBUFFER, error_.data());
    set(CURLOPT_HEADERFUNCTION, &Connection::on_line);
    set(CURLOPT_HEADERDATA, static_cast<void*>(this));
    set(CURLOPT_XFERINFOFUNCTION, &Connection::on_progress);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_DEBUGFUNCTION, &Connection::on_debug);
    set(CURLOPT_DEBUGDATA, static_cast<void*>(this));
    if (options_.trace) set(CURLOPT_VERBOSE, 1L);
}

std::size_t Connection::on_line(char* bytes, std::size_t size, std::size_t count, void* self) noexcept {
    auto& connection = *static_cast<Connection*>(self);
    const std::string_view line(bytes, size * count);
    try {
        if (connection.options_.trace) {
            const auto end = line.find_last_not_of("\r\n") + 1;
            connection.options_.trace(Direction::received, masked(line.substr(0, end), connection.secret_));
        }
        return connection.prologue_.hear(line) ? line.size() : 0;
    } catch (...) {
        // No exception may cross libcurl; it ends the transfer instead.
        connection.thrown_ = std::current_exception();
        return 0;
    }
}

int Connection::on_debug(CURL*, curl_infotype type, char* bytes, std::size_t size, void* self) noexcept {
    auto& connection = *static_cast<Connection*>(self);
    const std::string_view text(bytes, size);
    try {
        if (type == CURLINFO_TEXT && (text.starts_with("gss_") || text.starts_with("GSSAPI ")))
            connection.kerberos_ = text;
        // An HTTP proxy's CONNECT comes this way too, and may bear its password.
        if (type == CURLINFO_HEADER_OUT && connection.options_.trace && !text.starts_with("CONNECT "))
            connection.options_.trace(Direction::sent, shown(text));
    } catch (...) {
        return 0;  // libcurl ignores the result; a trace that fails must not end a session
    }
    return 0;
}

int Connection::on_progress(void*, curl_off_t, curl_off_t, curl_off_t, curl_off_t) noexcept {
    return interrupt::requested() ? 1 : 0;
}

}  // namespace popkeep::pop3
