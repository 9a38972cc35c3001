#pragma once

#include <toml++/toml.h>

#include <optional>
#include <string_view>

#include "config/excerpt.hpp"
#include "config/key.hpp"

namespace popkeep::config {

Place place_of(const toml::source_region& region);
/// Its first character only, for what must not be shown.
Place begin_of(const toml::source_region& region);

/// What people call a type of TOML.
std::string_view type_name(toml::node_type type);

/// The node as text if a key of these types (`Type`) takes it. A confidential text leaves no copy in the
/// node.
std::optional<Value> value_of(toml::node& node, unsigned types, bool confidential);

}  // namespace popkeep::config
