#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "archive/open_mbox.hpp"
#include "ledger/rows.hpp"

namespace popkeep::archive {

/// Where another program's message begins in the bytes from `from` on, of which the first are those of a torn
/// append of ours: a postmark at the start of a line, where ours would be quoted, or one with a date in the
/// middle of a line, since most programs that deliver don't look at how a file ends. Not where one of the
/// prepared messages was to begin.
std::optional<std::uint64_t> find_foreign_mail(const OpenMbox& mbox, std::uint64_t from,
                                               const std::vector<ledger::Message>& prepared);

/// Makes a message of what begins at `foreign`, behind a torn piece of ours that begins at `from`: the
/// piece's last bytes become the empty line that has to be in front of it.
void part(const OpenMbox& mbox, std::uint64_t from, std::uint64_t foreign);

}  // namespace popkeep::archive
