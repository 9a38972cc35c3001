#include "pop3/connect_error.hpp"

#include <fmt/format.h>
#include <openssl/x509_vfy.h>

#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "pop3/choice.hpp"
#include "pop3/mask.hpp"
#include "pop3/refusal.hpp"
#include "pop3/ticket_error.hpp"

namespace popkeep::pop3 {
namespace {

std::string_view words(CURLcode result, const FailedConnect& failed) {
    return failed.message[0] != '\0' ? failed.message : curl_easy_strerror(result);
}

Error certificate_error(std::string_view message, const FailedConnect& failed) {
    const auto error = [](const char* sentence, const char* hint) {
        return Error(Category::protocol, sentence).next(hint);
    };
    long verdict = X509_V_OK;
    curl_easy_getinfo(failed.handle, CURLINFO_SSL_VERIFYRESULT, &verdict);
    switch (verdict) {
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return error("the server's certificate has expired",
                         "tell the provider; check this machine's clock");
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return error("the server's certificate is not yet valid", "check this machine's clock");
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
            return error("the server's certificate is self-signed",
                         "if that is right, give the certificate with --ca FILE");
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
        case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
            return error("the server's certificate is from an unknown authority",
                         "if you trust it, give its certificate with --ca FILE");
        default:
            break;
    }
    if (message.find("subject name") != std::string_view::npos ||
        message.find("host name") != std::string_view::npos)
        return error("the server's certificate is for another host", "check the host name");
    return error("the server's certificate can't be verified", "check the host name and --ca");
}

Error no_sense() {
    return Error(Category::protocol, "the server's answer makes no sense")
        .next("check host and port; popkeep check --verbose shows the conversation");
}

Error weird_reply(const FailedConnect& failed) {
    const auto& greeted = failed.prologue.greeted();
    if (!greeted) return no_sense();
    if (!greeted->ok) {
        const bool passing = greeted->code == ResponseCode::sys_temp ||
                             greeted->code == ResponseCode::in_use ||
                             greeted->code == ResponseCode::login_delay;
        return Error(passing ? Category::temporary : Category::unavailable, "the server turns us away")
            .said(greeted->text)
            .next("try again later, or ask the provider");
    }
    if (failed.endpoint.transport == Transport::stls)
        return Error(Category::protocol,
                     "the server spoke in plaintext after agreeing to TLS: somebody may be interfering")
            .next("don't go on over this network; write pop3s:// (port 995) if the server has TLS there");
    return no_sense();
}

Error no_pop3(const FailedConnect& failed) {
    if (failed.prologue.greeted())
        return Error(Category::protocol, "the server doesn't stop talking before sign-in")
            .next("this is no server to trust; check host and port");
    return Error(Category::protocol, "this is not a POP3 server")
        .said(failed.prologue.greeting())
        .next("check host and port: POP3 over TLS is usually on 995, with STLS on 110");
}

/// OpenSSL's reasons, and the alert of a server that is too old.
bool is_about_versions(std::string_view message) {
    for (const auto* words : {"unsupported protocol", "protocol version", "version too low"})
        if (message.find(words) != std::string_view::npos) return true;
    return false;
}

Error no_tls(std::string_view message, const FailedConnect& failed) {
    if (is_about_versions(message))
        return Error(Category::protocol,
                     fmt::format("the server has no TLS as new as {}",
                                 failed.endpoint.tls_min == TlsVersion::v1_3 ? "1.3" : "1.2"))
            .next("older versions are not safe; tell the provider");
    if (failed.endpoint.transport == Transport::implicit_tls)
        return Error(Category::protocol, "no TLS connection could be made")
            .next("if the server wants STLS on this port, write pop3:// instead of pop3s://");
    return Error(Category::protocol, "the server agreed to TLS, but no TLS connection could be made")
        .next("write pop3s:// (port 995) if it has TLS there; somebody may be interfering");
}

bool proxy_wants_password(const FailedConnect& failed) {
    long status = 0;
    long socks = CURLPX_OK;
    curl_easy_getinfo(failed.handle, CURLINFO_HTTP_CONNECTCODE, &status);
    curl_easy_getinfo(failed.handle, CURLINFO_PROXY_ERROR, &socks);
    return status == 407 || socks == CURLPX_USER_REJECTED || socks == CURLPX_NO_AUTH;
}

[[noreturn]] void throw_proxy_error(CURLcode result, const FailedConnect& failed) {
    Error error(Category::unavailable, "the proxy refuses to connect us");
    error.next("check --proxy and what it allows");
    if (proxy_wants_password(failed) && failed.endpoint.proxy_user.empty())
        error = Error(Category::permission, "the proxy wants a user name and a password")
                    .next("write the name into --proxy (scheme://NAME@host), and give proxy_password_file");
    else if (proxy_wants_password(failed))
        error = Error(Category::permission, "the proxy refused user name or password")
                    .next("check the name in --proxy and what proxy_password_command or _file gives");
    throw error.at(failed.endpoint.proxy).said(words(result, failed));
}

bool proxy_refused(CURLcode result, const FailedConnect& failed) {
    long status = 0;
    curl_easy_getinfo(failed.handle, CURLINFO_HTTP_CONNECTCODE, &status);
    return result == CURLE_PROXY || (status != 0 && status / 100 != 2);
}

Error described(CURLcode result, const FailedConnect& failed) {
    const auto message = words(result, failed);
    switch (result) {
        case CURLE_COULDNT_RESOLVE_HOST:
            return Error(Category::no_host, "the host name is unknown")
                .next("check the name and this machine's network");
        case CURLE_COULDNT_RESOLVE_PROXY:
            return Error(Category::no_host, "the proxy's host name is unknown").next("check --proxy");
        case CURLE_COULDNT_CONNECT:
            return Error(Category::unavailable, "the server can't be reached")
                .next("check host and port; a firewall may be in the way");
        case CURLE_OPERATION_TIMEDOUT:
            return Error(Category::temporary,
                         failed.prologue.greeting().empty()
                             ? "the server did not answer in time"
                             : "the server stopped answering before sign-in was complete")
                .next("try again later, or wait longer with --timeout; check host and port");
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_SSL_CIPHER:
            return no_tls(message, failed);
        case CURLE_PEER_FAILED_VERIFICATION:
            return certificate_error(message, failed);
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
            return Error(Category::protocol, "the server's key is not the pinned one")
                .next(
                    "only if you know that the provider changed it, give the new --pin (popkeep check shows "
                    "it)");
        case CURLE_SSL_CACERT_BADFILE:
            return Error(Category::protocol, "the CA certificates can't be read").next("check --ca");
        case CURLE_SSL_CERTPROBLEM:
            return Error(Category::configuration, "the client certificate or its key can't be used")
                .next("check --client-cert");
        case CURLE_USE_SSL_FAILED:
            return Error(Category::protocol, "the server offers no STLS, so the password was not sent")
                .next(
                    "write pop3s:// (port 995) if it has TLS there; --tls off sends the password in the "
                    "clear");
        case CURLE_WRITE_ERROR:
            return no_pop3(failed);
        case CURLE_WEIRD_SERVER_REPLY:
            return weird_reply(failed);
        case CURLE_INTERFACE_FAILED:
            return Error(Category::configuration, "this machine has no such address to connect from")
                .next("check --source-address");
        case CURLE_AUTH_ERROR:
            return ticket_error(failed.kerberos);
        case CURLE_URL_MALFORMAT:
            return Error(Category::configuration, "this is not a host name").next("check the host name");
        default:
            return Error(Category::temporary, failed.prologue.greeting().empty()
                                                  ? "the server closed the connection without a greeting"
                                                  : "the connection broke before sign-in was complete")
                .next("try again later; if it stays so, check host and port");
    }
}

[[noreturn]] void throw_refusal(const FailedConnect& failed, const std::string& place) {
    const auto& capabilities = failed.prologue.capabilities();
    const auto mechanism = failed.login->mechanism;
    auto last = failed.prologue.last();
    if (!last || last->ok) throw not_offered(mechanism, capabilities, place);
    last->text = masked(last->text, failed.login->password);
    if (sasl::facts(mechanism).is_sasl() && !failed.prologue.challenged())
        throw mechanism_refused(*last, mechanism, capabilities, place);
    throw refusal(*last, capabilities, place, sasl::facts(mechanism).proof);
}

}  // namespace

void throw_connect_error(CURLcode result, const FailedConnect& failed) {
    const auto place = failed.endpoint.place();
    // libcurl calls it a refusal as well when it can't answer a challenge and takes back what it began.
    if (!failed.kerberos.empty()) throw ticket_error(failed.kerberos).at(place);
    if (result == CURLE_LOGIN_DENIED && failed.login != nullptr) throw_refusal(failed, place);
    if (proxy_refused(result, failed)) throw_proxy_error(result, failed);
    auto error = described(result, failed);
    error.at(place);
    // The server's own words say more than libcurl's.
    if (error.said().empty()) error.said(words(result, failed));
    if (result == CURLE_PEER_FAILED_VERIFICATION || result == CURLE_SSL_PINNEDPUBKEYNOTMATCH)
        throw CertificateRefused(std::move(error), failed.presented);
    throw error;
}

}  // namespace popkeep::pop3
