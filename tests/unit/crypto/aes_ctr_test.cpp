// SPDX-License-Identifier: Apache-2.0
#include <redoubt/crypto/aes_ctr.hpp>

#include <gtest/gtest.h>

#include <stdexcept>

#include <redoubt/base/encoding.hpp>

namespace redoubt::test {
namespace {

Bytes applied(std::string_view key, std::string_view iv, const Bytes& in) {
    Bytes out(in.size());
    crypto::aes_ctr::apply(from_hex(key).value(), from_hex(iv).value(), in, out);
    return out;
}

/// NIST SP 800-38A, F.5.1: two blocks, so the counter counts.
TEST(AesCtr, IsThatOfNist) {
    constexpr std::string_view key = "2b7e151628aed2a6abf7158809cf4f3c",
                               iv = "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff";
    const Bytes plain =
        from_hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51").value();
    const Bytes crypted = applied(key, iv, plain);
    EXPECT_EQ(to_hex(crypted), "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff");
    EXPECT_EQ(applied(key, iv, crypted), plain);
}

TEST(AesCtr, ThrowsForOtherSizes) {
    const std::string right(32, '0'), less(30, '0');
    EXPECT_THROW(applied(less, right, {1}), std::runtime_error);
    EXPECT_THROW(applied(right, less, {1}), std::runtime_error);
    Bytes out(2);
    const Bytes zeros(16);
    EXPECT_THROW(crypto::aes_ctr::apply(zeros, zeros, Bytes(1), out), std::runtime_error);
}

}  // namespace
}  // namespace redoubt::test
