#include "base/checksum.hpp"

#if defined __x86_64__ && __has_include(<xxh_x86dispatch.h>)
#include <xxh_x86dispatch.h>  // by the widest registers that the processor has
#else
#include <xxhash.h>
#endif

#include <new>

namespace popkeep {

void Checksum::Free::operator()(XXH3_state_s* state) const noexcept {
    XXH3_freeState(state);
}

Checksum::Checksum() : state_(XXH3_createState()) {
    if (!state_) throw std::bad_alloc();
    XXH3_128bits_reset(state_.get());
}

void Checksum::add(std::string_view bytes) {
    XXH3_128bits_update(state_.get(), bytes.data(), bytes.size());
}

Checksum::Value Checksum::value() const {
    const XXH128_hash_t hash = XXH3_128bits_digest(state_.get());
    return {hash.low64, hash.high64};
}

}  // namespace popkeep
