#pragma once

#include <string>

#include "ledger/ledger.hpp"

namespace popkeep::archive {

struct Salvaged {
    std::uint64_t accounts = 0, messages = 0, receipts = 0;
};

/// Carries over what can still be read of a damaged ledger (accounts, UIDs, receipts, whose locks may be
/// ours) into a new, empty one. Its messages come as missing, so that a rescan ties them to the bytes that
/// stand; mboxes have size 0, but for those in which an append was under way, which reconcile() settles
/// first.
Salvaged salvage(const std::string& damaged_path, ledger::Ledger& into);

}  // namespace popkeep::archive
