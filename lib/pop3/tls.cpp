#include "pop3/tls.hpp"

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <ctime>
#include <memory>
#include <string_view>

#include "base/base64.hpp"
#include "base/clock.hpp"
#include "base/digest.hpp"

namespace popkeep::pop3 {
namespace {

template <auto Function>
struct FreedBy {
    template <typename Object>
    void operator()(Object* object) const noexcept {
        Function(object);
    }
};
using Memory = std::unique_ptr<BIO, FreedBy<BIO_free_all>>;

std::string name_of(const X509_NAME* name) {
    const Memory memory(BIO_new(BIO_s_mem()));
    if (!memory || name == nullptr) return {};
    X509_NAME_print_ex(memory.get(), name, 0,
                       XN_FLAG_ONELINE & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB));
    char* bytes = nullptr;
    const auto size = BIO_get_mem_data(memory.get(), &bytes);
    return {bytes, static_cast<std::size_t>(size)};
}

std::int64_t time_of(const ASN1_TIME* time) {
    std::tm parts{};
    // It was verified, so that it has a date.
    return ASN1_TIME_to_tm(time, &parts) == 1 ? timegm(&parts) : 0;
}

/// "sha256//" and the base64 of the digest of the key as the certificate has it (RFC 7469 section 2.4).
std::string pin_of(const X509* certificate) {
    unsigned char* der = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    if (size <= 0) return {};
    const auto digest = sha256({reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)});
    OPENSSL_free(der);
    return "sha256//" + base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

CertificateFacts facts_of(const X509* certificate) {
    const std::int64_t ends = time_of(X509_get0_notAfter(certificate));
    return {.subject = name_of(X509_get_subject_name(certificate)),
            .issuer = name_of(X509_get_issuer_name(certificate)),
            .expires = utc_time(ends),
            .begins_at = time_of(X509_get0_notBefore(certificate)),
            .ends_at = ends};
}

}  // namespace

TlsFacts tls_facts(CURL* handle) {
    TlsFacts facts;
    const curl_tlssessioninfo* session = nullptr;
    if (curl_easy_getinfo(handle, CURLINFO_TLS_SSL_PTR, &session) != CURLE_OK || session == nullptr)
        return facts;
    if (session->backend != CURLSSLBACKEND_OPENSSL || session->internals == nullptr) return facts;
    const auto* ssl = static_cast<const SSL*>(session->internals);
    facts.version = SSL_get_version(ssl);
    facts.cipher = SSL_get_cipher_name(ssl);
    const STACK_OF(X509)* chain = SSL_get0_verified_chain(ssl);
    for (int i = 0; i < sk_X509_num(chain); ++i) facts.chain.push_back(facts_of(sk_X509_value(chain, i)));
    if (!facts.chain.empty()) facts.pin = pin_of(sk_X509_value(chain, 0));
    return facts;
}

}  // namespace popkeep::pop3
