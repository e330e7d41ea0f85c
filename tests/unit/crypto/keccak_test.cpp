// SPDX-License-Identifier: Apache-2.0
#include <redoubt/crypto/keccak.hpp>

#include <gtest/gtest.h>

#include <string>

#include <redoubt/base/encoding.hpp>

namespace redoubt::test {
namespace {

std::string keccak(std::string_view message) {
    return to_hex(crypto::keccak_256(bytes_of(message)));
}

/// Of PyCryptodome's Keccak, which tests/contract/test_validator_keys.py asks for more.
TEST(Keccak, IsThatOfEthereum) {
    EXPECT_EQ(keccak(""), "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
    EXPECT_EQ(keccak("abc"), "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
}

TEST(Keccak, ReadsBlocksOf136Bytes) {
    EXPECT_EQ(keccak(std::string(135, 'a')),
              "34367dc248bbd832f4e3e69dfaac2f92638bd0bbd18f2912ba4ef454919cf446");
    EXPECT_EQ(keccak(std::string(136, 'a')),
              "a6c4d403279fe3e0af03729caada8374b5ca54d8065329a3ebcaeb4b60aa386e");
    EXPECT_EQ(keccak(std::string(300, 'a')),
              "5b7e0e47a96f32a88b4f14ca177982790807c40e1a105742ba0fc1babe1ef826");
}

}  // namespace
}  // namespace redoubt::test
