#pragma once

#include <cstdint>

namespace popkeep {

/// The last second, since 1970, that a date with a year of four digits can tell: programs read no other.
constexpr std::int64_t end_of_9999 = 253'402'300'799;

constexpr bool is_date(std::int64_t seconds) {
    return seconds >= 0 && seconds <= end_of_9999;
}

}  // namespace popkeep
