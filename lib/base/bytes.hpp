#pragma once

#include <memory>
#include <new>
#include <string_view>
#include <utility>
#include <vector>

namespace popkeep {

/// std::allocator, but what a container grows by is left as it is instead of zeroed.
template <class T>
struct Uninitialised : std::allocator<T> {
    template <class U>
    struct rebind {
        using other = Uninitialised<U>;
    };
    template <class U>
    void construct(U* place) noexcept {
        ::new (static_cast<void*>(place)) U;
    }
    template <class U, class... Arguments>
    void construct(U* place, Arguments&&... arguments) {
        std::construct_at(place, std::forward<Arguments>(arguments)...);
    }
};

/// Memory that is about to be overwritten: resize() costs nothing.
using Bytes = std::vector<char, Uninitialised<char>>;

inline std::string_view view(const Bytes& bytes) {
    return {bytes.data(), bytes.size()};
}

}  // namespace popkeep
