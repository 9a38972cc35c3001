#pragma once

#include <gmime/gmime.h>

#include <memory>
#include <string_view>

/// GMime's C objects with owners. For this folder only.
namespace popkeep::mime {

struct Unref {
    void operator()(void* object) const noexcept { g_object_unref(object); }
};
template <class T>
using Owned = std::unique_ptr<T, Unref>;

/// The message parsed, nothing if GMime can't make anything of it. `text` must outlive it.
Owned<GMimeMessage> parse(std::string_view text);

/// "" for a null pointer.
std::string_view view(const char* text);

}  // namespace popkeep::mime
