#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "fetch/item.hpp"
#include "ledger/ledger.hpp"
#include "pop3/listing.hpp"

namespace popkeep::fetch {

/// Twins have the same bytes, and may share a UID (RFC 1939 section 7). One that stays on the server while
/// the other is asked to go is not that one, whatever it looks like when it is listed alone.

/// Within the transaction of the receipts of `leaving`, which begin with `since`: which of the others stay
/// without being archived. Only those as long as one that leaves can be its twin, and those that one left
/// earlier.
void note_left_behind(ledger::Ledger& ledger, ledger::Id account, const Items& items,
                      const std::vector<Item*>& leaving, ledger::Id since);

/// Those whose namesakes were all left behind, by number, and since which receipt. Where there are more, one
/// of them may be what was asked to go and stayed. `numbered`: UIDs are only numbers, and name nobody.
std::unordered_map<std::uint32_t, ledger::Id> left_behind(ledger::Ledger& ledger, ledger::Id account,
                                                          const std::vector<pop3::Listed>& listed,
                                                          bool numbered);

}  // namespace popkeep::fetch
