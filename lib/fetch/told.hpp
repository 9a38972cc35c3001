#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace popkeep::fetch {

/// Whether this trouble of `account` was told within the last 24 h to whoever reads the mails of cron; if it
/// wasn't, notes that it is told now. Two errors are the same trouble if they have the same category, place
/// and words before the first number: counts and times change from run to run.
///
/// The note is an empty file, as old as the telling, in the archive's private folder: a full disk still takes
/// it, and a damaged ledger doesn't matter. Where that can't be written it lies in the user's state folder.
/// Where neither can, the answer is false: told too often is better than never. Never throws.
bool told_today(const std::string& archive, std::string_view account, const Error& error);

}  // namespace popkeep::fetch
