#include "base/digest.hpp"

#include <gtest/gtest.h>

using namespace popkeep;

TEST(Digest, IsTheSha256ThatEverybodyKnows) {
    EXPECT_EQ(to_hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(to_hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Digest, StartsAfreshWhenFinished) {
    Sha256 hash;
    hash.update("left over");
    hash.finish();
    hash.update("a");
    hash.update("bc");
    EXPECT_EQ(hash.finish(), sha256("abc"));
}

TEST(Digest, GoesOnByItselfFromWhatAnotherWasFed) {
    Sha256 hash;
    Sha256 copy;
    copy.update("forgotten");
    hash.update("ab");
    copy.become(hash);
    copy.update("c");
    hash.update("d");
    EXPECT_EQ(copy.finish(), sha256("abc"));
    EXPECT_EQ(hash.finish(), sha256("abd"));
}
