// SPDX-License-Identifier: Apache-2.0
#include <redoubt/crypto/hkdf.hpp>

#include <gtest/gtest.h>

#include <redoubt/base/encoding.hpp>
#include <redoubt/base/guarded.hpp>

#include "../base/system_calls.hpp"

namespace redoubt::test {
namespace {

/// The cases of RFC 5869 (A.1 to A.3) that are of SHA-256.
TEST(Hkdf, IsTheStandards) {
    struct Case {
        Bytes key, salt, info;
        std::string out;
    };
    const Bytes key(22, 0x0b);
    for (const Case& row :
         {Case{key, ascending(0x00, 13), ascending(0xf0, 10),
               "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b88718586"
               "5"},
          Case{ascending(0x00, 80), ascending(0x60, 80), ascending(0xb0, 80),
               "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271c"
               "b41"
               "c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"},
          Case{key,
               {},
               {},
               "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c"
               "8"}}) {
        GuardedBytes out(row.out.size() / 2);
        crypto::hkdf_sha256({row.key, row.salt, row.info}, out.bytes());
        EXPECT_EQ(to_hex(out.view()), row.out);
    }
}

TEST(Hkdf, ThrowsForWhatGivesNoKey) {
    Bytes out(32);
    EXPECT_THROW(crypto::hkdf_sha256({.key = {}}, out), std::runtime_error);
    EXPECT_THROW(crypto::hkdf_sha256({.key = out}, {}), std::runtime_error);
    Bytes most(255 * 32);
    crypto::hkdf_sha256({.key = out}, most);
    Bytes too_many(most.size() + 1);
    EXPECT_THROW(crypto::hkdf_sha256({.key = out}, too_many), std::runtime_error);
}

}  // namespace
}  // namespace redoubt::test
