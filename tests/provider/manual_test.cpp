#include "provider/manual.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace popkeep::provider {
namespace {

TEST(Manual, SaysWhatTheTableSays) {
    const auto wanted = manual();
    std::ifstream file(MANUAL_PAGE, std::ios::binary);
    const std::string page(std::istreambuf_iterator<char>(file), {});
    if (page == wanted) return;
    std::ofstream("popkeep-providers.7", std::ios::binary) << wanted;
    FAIL() << "the page and the table differ; the page that follows from the table is now in the working "
              "directory: "
              "cp popkeep-providers.7 "
           << MANUAL_PAGE;
}

}  // namespace
}  // namespace popkeep::provider
