#pragma once

#include <atomic>

namespace popkeep::test {

/// So much later it is on the program's clock than on that of the machine.
extern std::atomic<int> seconds_passed;

}  // namespace popkeep::test
