// SPDX-License-Identifier: Apache-2.0
#include <redoubt/crypto/x25519.hpp>

#include <gtest/gtest.h>

#include <algorithm>

#include <redoubt/base/encoding.hpp>

namespace redoubt::test {
namespace {

ByteArray<32> bytes(std::string_view hex) {
    ByteArray<32> out{};
    std::ranges::copy(from_hex(hex).value(), out.begin());
    return out;
}

// RFC 7748, 5.2 and 6.1.
TEST(X25519, AgreesWithRfc7748) {
    const auto shared =
        crypto::x25519(bytes("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"),
                       bytes("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c"));
    ASSERT_TRUE(shared);
    EXPECT_EQ(to_hex(shared->view()),
              "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
}

TEST(X25519, SharesWhatTheOtherSideShares) {
    const auto bob = bytes("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
    EXPECT_EQ(to_hex(crypto::x25519_point(bob)),
              "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
    const auto of_alice = bytes("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    const auto shared = crypto::x25519(bob, of_alice);
    ASSERT_TRUE(shared);
    EXPECT_EQ(to_hex(shared->view()),
              "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
}

TEST(X25519, GivesNothingForAPointOfLowOrder) {
    const auto secret = bytes("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
    for (const char* point : {
             "0000000000000000000000000000000000000000000000000000000000000000",
             "0100000000000000000000000000000000000000000000000000000000000000",
             "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
             "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
             "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
         }) {
        EXPECT_FALSE(crypto::x25519(secret, bytes(point))) << point;
    }
}

}  // namespace
}  // namespace redoubt::test
