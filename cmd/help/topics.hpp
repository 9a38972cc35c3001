#pragma once

#include <span>
#include <string_view>

namespace popkeep::cmd {

/// A subject that `popkeep help` explains by the text of manual pages, which is built in.
struct Topic {
    std::string_view name, purpose, text;
};

std::span<const Topic> topics();

}  // namespace popkeep::cmd
