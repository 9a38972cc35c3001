#pragma once

#include <cstdint>

#include "fetch/context.hpp"
#include "fetch/item.hpp"
#include "pop3/session.hpp"

/// Troubles that are on their way, told while there is time, and seldom where nobody is there.
namespace popkeep::fetch {

/// Whether a certificate should have been renewed by now: less than 14 days are left, and less than a quarter
/// of its life. (Some live for six days.) Seconds since 1970.
bool expires_soon(std::int64_t begins, std::int64_t ends, std::int64_t time);

/// When a certificate that expires soon was last to be told of: 14, 7, 3 and one days before its end.
std::int64_t last_reminder(std::int64_t ends, std::int64_t time);

/// Notes in the summary when the first certificate of the server's chain expires, and warns if that is soon.
void mind_certificate(Context& context, const pop3::Session& session);

/// Warns, at most once a day where nobody is there, if half or more of what stayed on the server after the
/// last session isn't listed any more.
void mind_shrinking(Context& context, std::uint64_t listed);

/// For the next session: how many of the listed messages stay on the server, the way it has behaved so far.
/// Those that came only now aren't counted: some providers hide what was retrieved once. Within a
/// transaction.
void remember_staying(Context& context, std::uint64_t messages);

}  // namespace popkeep::fetch
