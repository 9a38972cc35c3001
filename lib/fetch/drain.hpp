#pragma once

#include <functional>

#include "fetch/context.hpp"

namespace popkeep::fetch {

/// Calls `sessions` again and again until it brings nothing new, for providers that show their mail in
/// portions. Between two logins it waits as long as the server wants (LOGIN-DELAY, RFC 2449 section 6.5), and
/// longer where it refuses a login for now; then it tries again, some times. What is archived stays archived
/// whenever it is stopped, and the next run goes on. Throws what `sessions` throws and what
/// interrupt::check() throws.
void drain(Context& context, const std::function<void()>& sessions);

}  // namespace popkeep::fetch
