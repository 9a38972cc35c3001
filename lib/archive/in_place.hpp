#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "archive/match.hpp"
#include "file/fd.hpp"
#include "ledger/messages.hpp"

namespace popkeep::archive {

/// Ties what a settled matcher could not: rows whose bytes stand where they were, with something behind them
/// that begins no message of its own, and so was read as part of theirs. `left` is told of those bytes; empty
/// lines alone aren't worth it.
void settle_in_place(Matcher& matcher, ledger::Messages& messages, const file::Fd& fd,
                     const std::string& path,
                     const std::function<void(std::uint64_t offset, std::uint64_t length)>& left);

/// True if there are only a few empty lines from `begin` up to `end`: they need no explanation.
bool are_empty_lines(const file::Fd& fd, const std::string& path, std::uint64_t begin, std::uint64_t end);

}  // namespace popkeep::archive
