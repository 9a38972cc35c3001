#include "pop3/window.hpp"

#include <gtest/gtest.h>

namespace popkeep::pop3 {
namespace {

int fill(Window& window, std::optional<std::uint64_t> octets, std::size_t text) {
    int asked = 0;
    while (window.has_room(octets, text)) {
        window.asked(octets, text);
        ++asked;
    }
    return asked;
}

TEST(Window, HoldsSixtyFourMebibytes) {
    Window window(false);
    EXPECT_EQ(fill(window, 1 << 20, 10), 64);
    window.answered();
    EXPECT_EQ(fill(window, 1 << 20, 10), 1);
}

TEST(Window, CountsAnUnknownSizeAsSixtyFourKibibytes) {
    Window window(false);
    EXPECT_EQ(fill(window, std::nullopt, 10), 1'000);
    Window heavy(false);
    heavy.asked((64 << 20) - (64 << 10), 10);
    EXPECT_EQ(fill(heavy, std::nullopt, 10), 1);
}

TEST(Window, HoldsAThousandCommandsAndSixteenKibibytesOfText) {
    Window window(false);
    EXPECT_EQ(fill(window, 0, 10), 1'000);
    Window wordy(false);
    EXPECT_EQ(fill(wordy, 0, 64), 256);
}

TEST(Window, AlwaysHasRoomForOne) {
    Window window(false);
    EXPECT_TRUE(window.has_room(~std::uint64_t{0}, 1 << 20));
    window.asked(~std::uint64_t{0}, 20);
    EXPECT_FALSE(window.has_room(1, 20));
    window.answered();
    EXPECT_TRUE(window.empty());
}

TEST(Window, HoldsOneCommandInLockStep) {
    Window window(true);
    EXPECT_EQ(fill(window, 1, 10), 1);
}

}  // namespace
}  // namespace popkeep::pop3
