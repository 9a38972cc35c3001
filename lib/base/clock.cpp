#include "base/clock.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>

namespace popkeep {
namespace {

std::string formatted(const std::tm& time, const char* format) {
    std::array<char, 40> text{};
    return {text.data(), std::strftime(text.data(), text.size(), format, &time)};
}

}  // namespace

std::int64_t now() {
    return static_cast<std::int64_t>(std::time(nullptr));
}

bool are_near(std::int64_t one, std::int64_t other, std::int64_t seconds) {
    return std::abs(one - other) < seconds;
}

std::string local_time(std::int64_t seconds) {
    const std::time_t time = seconds;
    std::tm parts{};
    return localtime_r(&time, &parts) == nullptr ? "?" : formatted(parts, "%Y-%m-%d %H:%M:%S");
}

std::string utc_time(std::int64_t seconds) {
    const std::time_t time = seconds;
    std::tm parts{};
    return gmtime_r(&time, &parts) == nullptr ? "?" : formatted(parts, "%Y-%m-%dT%H:%M:%SZ");
}

int Deadline::poll_milliseconds(std::chrono::milliseconds cap) const {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(at_ - Clock::now());
    return static_cast<int>(std::clamp(left, std::chrono::milliseconds(0), cap).count());
}

}  // namespace popkeep
