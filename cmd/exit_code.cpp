#include "exit_code.hpp"

#include <algorithm>
#include <array>

namespace popkeep::cmd {

int graver(int a, int b) {
    static constexpr std::array order{130, 143, 70, 74, 73, 65, 78, 64, 77, 76, 68, 69, 75, 0};
    const auto* const first = std::ranges::find_first_of(order, std::array{a, b});
    return first == order.end() ? 70 : *first;
}

}  // namespace popkeep::cmd
