#include "secret/fingerprint.hpp"

#include "base/digest.hpp"

namespace popkeep::secret {

std::uint16_t fingerprint(std::string_view password, std::string_view salt) {
    Sha256 hash;
    // The salt's own digest has a fixed length, so that no bytes can move between salt and password.
    const Digest salted = sha256(salt);
    hash.update({reinterpret_cast<const char*>(salted.data()), salted.size()});
    hash.update(password);
    const Digest digest = hash.finish();
    return static_cast<std::uint16_t>(digest[0] << 8U | digest[1]);
}

}  // namespace popkeep::secret
