#include "base/digest.hpp"

#include <openssl/evp.h>

#include <new>

namespace popkeep {
namespace {

// Fetched once: a lookup by name for each message would cost more than hashing a small one.
const EVP_MD* algorithm() {
    static const EVP_MD* const md = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    if (md == nullptr) throw std::bad_alloc();
    return md;
}

// Every OpenSSL has SHA-256: what is lacking is memory, which it doesn't say.
void must(int ok) {
    if (ok != 1) throw std::bad_alloc();
}

}  // namespace

std::string to_hex(const Digest& digest) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(2 * digest.size());
    for (const std::uint8_t byte : digest) {
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
    }
    return out;
}

void Sha256::Free::operator()(void* context) const noexcept {
    EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(context));
}

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
    if (!context_) throw std::bad_alloc();
    must(EVP_DigestInit_ex2(static_cast<EVP_MD_CTX*>(context_.get()), algorithm(), nullptr));
}

void Sha256::become(const Sha256& other) {
    must(EVP_MD_CTX_copy_ex(static_cast<EVP_MD_CTX*>(context_.get()),
                            static_cast<const EVP_MD_CTX*>(other.context_.get())));
}

void Sha256::update(std::string_view bytes) {
    must(EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(context_.get()), bytes.data(), bytes.size()));
}

Digest Sha256::finish() {
    auto* context = static_cast<EVP_MD_CTX*>(context_.get());
    Digest digest{};
    must(EVP_DigestFinal_ex(context, digest.data(), nullptr));
    must(EVP_DigestInit_ex2(context, algorithm(), nullptr));
    return digest;
}

Digest sha256(std::string_view bytes) {
    Sha256 hash;
    hash.update(bytes);
    return hash.finish();
}

}  // namespace popkeep
