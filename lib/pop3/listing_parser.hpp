#pragma once

#include <string_view>

#include "pop3/listing.hpp"

namespace popkeep::pop3 {

/// Takes the answers to UIDL ("number blanks uid", the uid is all the rest) and LIST ("number blanks octets",
/// whatever follows is ignored) apart and joins them by number. Tolerant: what makes no sense becomes an
/// oddity. A number that either has is listed; one with two UIDs keeps none, so that its content decides what
/// it is; one with two sizes has an unknown size.
Listing::Content parse_listing(const AnswerText& uidl, const AnswerText& list, bool has_uids);

/// Whether a line of the answer to LIST begins with two numbers.
bool tells_size(std::string_view line);

}  // namespace popkeep::pop3
