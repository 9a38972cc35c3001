#include "secret/fingerprint.hpp"

#include <gtest/gtest.h>

namespace popkeep::secret {
namespace {

TEST(Fingerprint, IsTheSameForTheSamePasswordAndSalt) {
    EXPECT_EQ(fingerprint("secret", "salt"), fingerprint("secret", "salt"));
}

TEST(Fingerprint, ChangesWithThePassword) {
    EXPECT_NE(fingerprint("secret", "salt"), fingerprint("Secret", "salt"));
}

TEST(Fingerprint, ChangesWithTheSalt) {
    EXPECT_NE(fingerprint("secret", "salt"), fingerprint("secret", "pepper"));
}

TEST(Fingerprint, KeepsSaltAndPasswordApart) {
    EXPECT_NE(fingerprint("bc", "a"), fingerprint("c", "ab"));
}

}  // namespace
}  // namespace popkeep::secret
