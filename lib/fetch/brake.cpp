#include <algorithm>

#include "fetch/job.hpp"

namespace popkeep::fetch {

std::uint64_t Brake::allowed(std::uint64_t listed) const {
    if (messages) return *messages;
    if (percent) return listed * *percent / 100;
    return std::max<std::uint64_t>(100, listed / 5);
}

}  // namespace popkeep::fetch
