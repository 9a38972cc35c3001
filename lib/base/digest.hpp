#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace popkeep {

/// A SHA-256.
using Digest = std::array<std::uint8_t, 32>;

std::string to_hex(const Digest& digest);

/// A running SHA-256. Feed it blocks, not lines: each call has a fixed cost.
class Sha256 {
  public:
    Sha256();
    /// Takes over what `other` has been fed so far; it goes on by itself.
    void become(const Sha256& other);
    void update(std::string_view bytes);
    /// The digest of everything fed so far; the object starts afresh.
    Digest finish();

  private:
    struct Free {
        void operator()(void* context) const noexcept;
    };
    std::unique_ptr<void, Free> context_;
};

Digest sha256(std::string_view bytes);

}  // namespace popkeep
