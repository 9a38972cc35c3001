#include "pop3/tls.hpp"

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <string_view>
#include <utility>

#include "base/base64.hpp"
#include "base/clock.hpp"
#include "base/digest.hpp"

namespace popkeep::pop3 {
namespace {

constexpr int longest_chain = 10;  // real ones have two to five; a hostile one may have hundreds

template <auto Function>
struct FreedBy {
    template <typename Object>
    void operator()(Object* object) const noexcept {
        Function(object);
    }
};
using Memory = std::unique_ptr<BIO, FreedBy<BIO_free_all>>;

std::string text_in(const Memory& memory) {
    char* bytes = nullptr;
    const auto size = BIO_get_mem_data(memory.get(), &bytes);
    return {bytes, static_cast<std::size_t>(size)};
}

std::string name_of(const X509_NAME* name) {
    const Memory memory(BIO_new(BIO_s_mem()));
    if (!memory || name == nullptr) return {};
    X509_NAME_print_ex(memory.get(), name, 0,
                       XN_FLAG_ONELINE & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB));
    return text_in(memory);
}

std::string names_of(const X509* certificate) {
    const int at = X509_get_ext_by_NID(certificate, NID_subject_alt_name, -1);
    const Memory memory(BIO_new(BIO_s_mem()));
    if (at < 0 || !memory) return {};
    if (X509V3_EXT_print(memory.get(), X509_get_ext(certificate, at), 0, 0) != 1) return {};
    return text_in(memory);
}

std::int64_t time_of(const ASN1_TIME* time) {
    std::tm parts{};
    return ASN1_TIME_to_tm(time, &parts) == 1 ? timegm(&parts) : 0;
}

/// What isn't verified may have anything in the place of a date.
std::string date(std::int64_t time) {
    return time == 0 ? "no date" : utc_time(time);
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
    const std::int64_t begins = time_of(X509_get0_notBefore(certificate));
    const std::int64_t ends = time_of(X509_get0_notAfter(certificate));
    return {.subject = name_of(X509_get_subject_name(certificate)),
            .issuer = name_of(X509_get_issuer_name(certificate)),
            .names = names_of(certificate),
            .begins = date(begins),
            .expires = date(ends),
            .begins_at = begins,
            .ends_at = ends};
}

void add_chain(const STACK_OF(X509) * chain, TlsFacts& facts) {
    const int length = std::min(sk_X509_num(chain), longest_chain);
    for (int i = 0; i < length; ++i) facts.chain.push_back(facts_of(sk_X509_value(chain, i)));
    if (!facts.chain.empty()) facts.pin = pin_of(sk_X509_value(chain, 0));
}

/// OpenSSL's call to verify a chain, which without us goes to X509_verify_cert() at once.
int note_and_verify(X509_STORE_CTX* store, void* presented) noexcept {
    try {
        TlsFacts facts;
        add_chain(X509_STORE_CTX_get0_untrusted(store), facts);
        *static_cast<TlsFacts*>(presented) = std::move(facts);
    } catch (...) {
        // Then there is nothing to show.
    }
    return X509_verify_cert(store);
}

CURLcode on_context(CURL*, void* context, void* presented) noexcept {
    SSL_CTX_set_cert_verify_callback(static_cast<SSL_CTX*>(context), note_and_verify, presented);
    return CURLE_OK;
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
    add_chain(SSL_get0_verified_chain(ssl), facts);
    return facts;
}

void note_presented(CURL* handle, TlsFacts& presented) {
    const char* library = curl_version_info(CURLVERSION_NOW)->ssl_version;
    if (library == nullptr || !std::string_view(library).starts_with("OpenSSL/")) return;
    curl_easy_setopt(handle, CURLOPT_SSL_CTX_FUNCTION, on_context);
    curl_easy_setopt(handle, CURLOPT_SSL_CTX_DATA, static_cast<void*>(&presented));
}

}  // namespace popkeep::pop3
