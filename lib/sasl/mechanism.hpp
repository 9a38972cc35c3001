#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace popkeep::sasl {

/// A way to prove who one is. `automatic` chooses one of the others before anything leaves.
enum class Mechanism {
    automatic,
    user,           ///< USER and PASS (RFC 1939)
    plain,          ///< RFC 4616
    login,          ///< a draft that lived on
    cram_md5,       ///< RFC 2195
    digest_md5,     ///< RFC 2831
    scram_sha_1,    ///< RFC 5802
    scram_sha_256,  ///< RFC 7677
    ntlm,           ///< [MS-POP3]
    apop,           ///< RFC 1939
    external,       ///< RFC 4422 appendix A: the client certificate of the TLS connection
    gssapi,         ///< RFC 4752: a Kerberos ticket
    xoauth2,        ///< Google's and Microsoft's
    oauthbearer,    ///< RFC 7628
};

/// What a mechanism wants to have.
enum class Proof { password, token, certificate, ticket };

/// Who speaks it.
enum class Speaker {
    commands,  ///< we, by commands of POP3 itself
    exchange,  ///< we, by AUTH: see sasl/exchange.hpp
    libcurl,   ///< libcurl, which must be told before it connects
};

struct Facts {
    Mechanism mechanism;
    std::string_view key;   ///< in the configuration and for --auth
    std::string_view name;  ///< as CAPA and AUTH have it; of those that aren't SASL: in words
    Proof proof;
    Speaker speaker;
    bool is_sasl() const noexcept { return mechanism != Mechanism::user && mechanism != Mechanism::apop; }
};

/// Every mechanism but `automatic`, in the order in which they are told to people.
std::span<const Facts> mechanisms() noexcept;
/// Of every one but `automatic`.
const Facts& facts(Mechanism mechanism);

/// "auto", "cram-md5" …; nothing if it is none.
std::optional<Mechanism> from_key(std::string_view key) noexcept;
std::string_view key_of(Mechanism mechanism) noexcept;

}  // namespace popkeep::sasl
