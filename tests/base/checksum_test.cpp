#include "base/checksum.hpp"

#include <gtest/gtest.h>

#include <string>

namespace popkeep {
namespace {

Checksum::Value of(std::string_view bytes) {
    Checksum sum;
    sum.add(bytes);
    return sum.value();
}

TEST(Checksum, DoesNotDependOnTheSplits) {
    const std::string bytes(100'000, 'x');
    Checksum sum;
    for (std::size_t at = 0, size = 1; at < bytes.size(); at += size, size = size * 2 + 1)
        sum.add(std::string_view(bytes).substr(at, size));
    EXPECT_EQ(sum.value(), of(bytes));
}

TEST(Checksum, TellsOneChangedBit) {
    std::string bytes(100'000, 'x');
    const auto before = of(bytes);
    bytes[99'999] = 'y';
    EXPECT_NE(of(bytes), before);
}

TEST(Checksum, TellsMissingBytes) {
    EXPECT_NE(of(std::string(8, '\0')), of(std::string(7, '\0')));
}

}  // namespace
}  // namespace popkeep
