#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "archive/archive.hpp"

namespace popkeep::archive {

/// Hands out the content of an archived message (LF line ends) and checks it on the way. Throws
/// Category::data if the bytes aren't those recorded; what `out` got before is then worthless.
/// A message whose status fields a reader changed is given out as it stands.
void read_content(Archive& archive, const ledger::Message& message,
                  const std::function<void(std::string_view)>& out);

/// The header section and at most `limit` bytes of the content in all, unchecked: for showing.
std::string peek_content(Archive& archive, const ledger::Message& message,
                         std::size_t limit = std::size_t{64} * 1024);

/// The message that a person means: a ledger number as `list` prints it, or at least 6 hex digits of a
/// content digest. Throws Category::usage if none or several fit.
ledger::Message find_message(Archive& archive, std::string_view name);

}  // namespace popkeep::archive
