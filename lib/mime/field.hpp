#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace popkeep::mime {

/// A field's value made printable(), without folds; a tab is a blank.
std::string printable_field(std::string_view value, std::size_t limit);

}  // namespace popkeep::mime
