#include "sasl/mechanism.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"

namespace popkeep::sasl {
namespace {

using M = Mechanism;
using P = Proof;
using S = Speaker;

constexpr std::array all{
    Facts{M::user, "user", "USER/PASS", P::password, S::commands},
    Facts{M::plain, "plain", "PLAIN", P::password, S::exchange},
    Facts{M::login, "login", "LOGIN", P::password, S::libcurl},
    Facts{M::scram_sha_256, "scram-sha-256", "SCRAM-SHA-256", P::password, S::exchange},
    Facts{M::scram_sha_1, "scram-sha-1", "SCRAM-SHA-1", P::password, S::exchange},
    Facts{M::cram_md5, "cram-md5", "CRAM-MD5", P::password, S::libcurl},
    Facts{M::digest_md5, "digest-md5", "DIGEST-MD5", P::password, S::exchange},
    Facts{M::ntlm, "ntlm", "NTLM", P::password, S::libcurl},
    Facts{M::apop, "apop", "APOP", P::password, S::libcurl},
    Facts{M::external, "external", "EXTERNAL", P::certificate, S::libcurl},
    Facts{M::gssapi, "gssapi", "GSSAPI", P::ticket, S::libcurl},
    Facts{M::xoauth2, "xoauth2", "XOAUTH2", P::token, S::exchange},
    Facts{M::oauthbearer, "oauthbearer", "OAUTHBEARER", P::token, S::exchange},
};

}  // namespace

std::span<const Facts> mechanisms() noexcept {
    return all;
}

const Facts& facts(Mechanism mechanism) {
    const auto* const found = std::ranges::find(all, mechanism, &Facts::mechanism);
    if (found == all.end()) throw Error(Category::software, "no mechanism was chosen");
    return *found;
}

std::optional<Mechanism> from_key(std::string_view key) noexcept {
    if (key == "auto") return Mechanism::automatic;
    const auto* const found = std::ranges::find(all, key, &Facts::key);
    if (found == all.end()) return std::nullopt;
    return found->mechanism;
}

std::string_view key_of(Mechanism mechanism) noexcept {
    const auto* const found = std::ranges::find(all, mechanism, &Facts::mechanism);
    return found == all.end() ? "auto" : found->key;
}

}  // namespace popkeep::sasl
