#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/digest.hpp"

namespace popkeep::message {

/// A message as its server had it before another program fetched it and put fields of its own on top.
struct Original {
    Digest header{};          ///< of the header section without those fields, as in Facts
    std::uint64_t bytes = 0;  ///< of content, LF line ends, that the fields take
    std::uint64_t lines = 0;
};

/// `header` is the beginning of a content, its header section at least. Nothing if no program that we know
/// has left its mark: mpop and fetchmail add a Received field, getmail a Delivered-To and a Received field.
/// Only fields above the first Received field that is not of such a program are looked at.
std::optional<Original> without_retriever(std::string_view header);

}  // namespace popkeep::message
