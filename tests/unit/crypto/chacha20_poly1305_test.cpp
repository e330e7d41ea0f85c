// SPDX-License-Identifier: Apache-2.0
#include <redoubt/crypto/chacha20_poly1305.hpp>

#include <gtest/gtest.h>

#include <numeric>

#include <redoubt/base/encoding.hpp>

namespace redoubt::test {
namespace {

template <std::size_t N>
ByteArray<N> counted() {
    ByteArray<N> bytes{};
    std::iota(bytes.begin(), bytes.end(), Byte{0});
    return bytes;
}

// As PyPI's `cryptography` has it.
TEST(ChaCha20Poly1305, IsCiphertextAndTag) {
    const auto sealed = crypto::chacha20_poly1305(counted<32>(), counted<12>(), bytes_of("abc"));
    EXPECT_EQ(to_hex(sealed), "e8996bdbe97d036a9b815bccbdf1a8e87ec37f");
    const auto empty = crypto::chacha20_poly1305(counted<32>(), counted<12>(), {});
    EXPECT_EQ(to_hex(empty), "295a498b8841a1c5f55d4d606f731159");
}

TEST(ChaCha20Poly1305, TakesNoKeyOfAnotherSize) {
    EXPECT_THROW(static_cast<void>(crypto::chacha20_poly1305(counted<16>(), {}, bytes_of("abc"))),
                 std::logic_error);
}

}  // namespace
}  // namespace redoubt::test
