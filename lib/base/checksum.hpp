#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

struct XXH3_state_s;

namespace popkeep {

/// A running XXH3 of 128 bits: tells bytes that a disk changed at the speed of memory. Nothing that an
/// adversary could choose may depend on it; for that there is Sha256.
class Checksum {
  public:
    using Value = std::pair<std::uint64_t, std::uint64_t>;

    Checksum();
    void add(std::string_view bytes);
    /// Of everything added so far.
    Value value() const;

  private:
    struct Free {
        void operator()(XXH3_state_s* state) const noexcept;
    };
    std::unique_ptr<XXH3_state_s, Free> state_;
};

}  // namespace popkeep
