#include "sasl/mechanism.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace popkeep::sasl {
namespace {

TEST(Mechanism, IsFoundByItsKeyAndByItself) {
    for (const Facts& known : mechanisms()) {
        EXPECT_EQ(from_key(known.key), known.mechanism);
        EXPECT_EQ(key_of(known.mechanism), known.key);
        EXPECT_EQ(facts(known.mechanism).name, known.name);
    }
    EXPECT_EQ(mechanisms().size(), 13U);
    EXPECT_EQ(from_key("auto"), Mechanism::automatic);
    EXPECT_EQ(key_of(Mechanism::automatic), "auto");
    EXPECT_EQ(from_key("PLAIN"), std::nullopt);
    EXPECT_THROW(facts(Mechanism::automatic), Error);
}

}  // namespace
}  // namespace popkeep::sasl
