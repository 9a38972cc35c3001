#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "fuzz/target.hpp"

// Each seed, and each beginning of it, must hold what its target asserts. (`run` then goes on from them.)
namespace {

using popkeep::fuzz::Target;

std::vector<std::string> seeds_of(const Target& target) {
    std::vector<std::string> seeds;
    for (const auto& file :
         std::filesystem::directory_iterator(std::filesystem::path(POPKEEP_SEEDS) / target.name)) {
        std::ifstream in(file.path(), std::ios::binary);
        seeds.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
    return seeds;
}

class Seeds : public testing::TestWithParam<Target> {};

}  // namespace

TEST_P(Seeds, HoldWhatTheTargetAsserts) {
    const auto seeds = seeds_of(GetParam());
    EXPECT_GE(seeds.size(), 3U);
    for (const std::string& seed : seeds) {
        for (std::size_t length = 0; length <= seed.size(); ++length) {
            // Its own memory, so that AddressSanitizer sees a read beyond the end.
            const std::vector<char> bytes(seed.begin(), seed.begin() + static_cast<std::ptrdiff_t>(length));
            const std::string_view input(bytes.empty() ? "" : bytes.data(), length);
            EXPECT_NO_THROW(GetParam().run(input)) << testing::PrintToString(input);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Fuzz, Seeds,
                         testing::ValuesIn(popkeep::fuzz::targets().begin(), popkeep::fuzz::targets().end()),
                         [](const auto& target) { return std::string(target.param.name); });
