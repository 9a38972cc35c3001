#include "sasl/gsasl_exchange.hpp"

#include <fmt/format.h>
#include <gsasl.h>

#include <cstring>

#include "base/error.hpp"
#include "base/text.hpp"

namespace popkeep::sasl {
namespace {

constexpr std::uint64_t most_iterations = 1'000'000;  // about a second; servers have 4096 to 600,000

[[noreturn]] void fail(int result) {
    switch (result) {
        case GSASL_AUTHENTICATION_ERROR:
        case GSASL_BASE64_ERROR:
        case GSASL_MECHANISM_PARSE_ERROR:
            throw Error(Category::protocol, "the server could not prove that it knows the password")
                .said(gsasl_strerror(result))
                .next("somebody may be in between; if not, name another mechanism with --auth");
        case GSASL_SASLPREP_ERROR:
            throw Error(Category::configuration, "this mechanism can't take such a user name or password")
                .said(gsasl_strerror(result))
                .next("both must be UTF-8 without control characters");
        default:
            throw Error(Category::software, "libgsasl failed").said(gsasl_strerror(result));
    }
}

/// libgsasl hashes as often as the server's first message wants (RFC 5802 section 7), and nothing stops it:
/// four thousand million times take hours.
void bound_iterations(std::string_view challenge) {
    for (const std::string_view field : split(challenge, ',')) {
        if (!field.starts_with("i=")) continue;
        const auto count = parse_number(field.substr(2));
        if (!count || *count > most_iterations)
            throw Error(Category::protocol, "the server's iteration count is not a number up to 1,000,000")
                .said(field)
                .next("somebody may be in between; if not, name another mechanism with --auth");
    }
}

/// libgsasl's own memory, which held an answer.
struct Wiped {
    char* bytes = nullptr;
    std::size_t size = 0;
    Wiped() = default;
    Wiped(const Wiped&) = delete;
    Wiped& operator=(const Wiped&) = delete;
    ~Wiped() {
        if (bytes != nullptr) explicit_bzero(bytes, size);
        gsasl_free(bytes);
    }
};

}  // namespace

void GsaslExchange::End::operator()(Gsasl* library) const noexcept {
    gsasl_done(library);
}

void GsaslExchange::End::operator()(Gsasl_session* session) const noexcept {
    gsasl_finish(session);
}

GsaslExchange::GsaslExchange(std::string_view name, const Identity& identity)
    : is_scram_(name.starts_with("SCRAM-")) {
    Gsasl* library = nullptr;
    if (const int result = gsasl_init(&library); result != GSASL_OK) fail(result);
    library_.reset(library);
    Gsasl_session* session = nullptr;
    if (const int result = gsasl_client_start(library, std::string(name).c_str(), &session);
        result != GSASL_OK)
        fail(result);
    session_.reset(session);
    // Service and host are DIGEST-MD5's.
    for (const auto& [property, text] :
         {std::pair(GSASL_AUTHID, identity.user), std::pair(GSASL_PASSWORD, identity.password),
          std::pair(GSASL_SERVICE, std::string_view("pop")), std::pair(GSASL_HOSTNAME, identity.host)}) {
        if (const int result = gsasl_property_set_raw(session, property, text.data(), text.size());
            result != GSASL_OK)
            fail(result);
    }
}

std::string GsaslExchange::answer(std::string_view challenge) {
    // libgsasl would give PLAIN's password once more.
    if (complete_)
        throw Error(Category::protocol, "the server asks for more than the mechanism has to say")
            .next("name another mechanism with --auth");
    // RFC 5802 section 7: a refusal, which libgsasl takes for a proof that fails. The server's -ERR follows.
    if (is_scram_ && challenge.starts_with("e=")) {
        complaint_ = challenge.substr(2);
        return {};
    }
    if (is_scram_) bound_iterations(challenge);
    Wiped output;
    const int result =
        gsasl_step(session_.get(), challenge.data(), challenge.size(), &output.bytes, &output.size);
    if (result != GSASL_OK && result != GSASL_NEEDS_MORE) fail(result);
    complete_ = result == GSASL_OK;
    return {output.bytes, output.size};
}

}  // namespace popkeep::sasl
