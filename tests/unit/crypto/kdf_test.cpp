// SPDX-License-Identifier: Apache-2.0
#include <redoubt/crypto/kdf.hpp>

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include <redoubt/base/encoding.hpp>

namespace redoubt::test {
namespace {

template <class Kdf>
std::string derived(const Kdf& kdf, std::string_view password, std::string_view salt,
                    std::size_t size) {
    return to_hex(crypto::derive_key(kdf, bytes_of(password), bytes_of(salt), size).view());
}

/// Those of RFC 7914, 12.
TEST(Scrypt, IsThatOfItsRfc) {
    EXPECT_EQ(derived(crypto::Scrypt{16, 1, 1}, "", "", 64),
              "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
              "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906");
    EXPECT_EQ(derived(crypto::Scrypt{1024, 8, 16}, "password", "NaCl", 64),
              "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
              "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640");
}

TEST(Scrypt, HasTheMemoryThatItSays) {
    const crypto::Scrypt usual{std::uint64_t{1} << 18U, 8, 1};
    EXPECT_EQ(usual.memory(), std::uint64_t{256} << 20U);
    EXPECT_THROW(derived(crypto::Scrypt{1000, 8, 1}, "password", "salt", 32), std::runtime_error)
        << "not a power of two";
    EXPECT_THROW(derived(crypto::Scrypt{65536, 1, 1}, "password", "salt", 32), std::runtime_error)
        << "not below 2^(16 r)";
}

TEST(Pbkdf2, IsThatOfItsRfc) {
    using crypto::Prf;
    EXPECT_EQ(derived(crypto::Pbkdf2{Prf::HmacSha256, 4096}, "password", "salt", 32),
              "c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a");
    EXPECT_EQ(derived(crypto::Pbkdf2{Prf::HmacSha512, 2048}, "password", "salt", 64),
              "91be23564f09fc855c82ce84a223ebe7d63d8b49d69372593a0d9ed39e143c83"
              "e1ab2f722a5ddb969feefc88403f7e2afe1afb8b2f0e6b20add0fb7b28368807");
}

/// One after the other, and four side by side; passwords longer than a block among them.
TEST(Pbkdf2, OfSeveralPasswordsIsThatOfEach) {
    std::vector<Bytes> passwords;
    for (std::size_t i = 0; i < 9; ++i) passwords.emplace_back(40 * i, static_cast<Byte>(i));
    for (const std::uint32_t iterations : {1U, 2U, 77U}) {
        const std::vector<ByteView> views(passwords.begin(), passwords.end());
        const auto seeds = crypto::derive_seeds(iterations, views, bytes_of("salt"));
        ASSERT_EQ(seeds.size(), passwords.size());
        for (std::size_t i = 0; i < passwords.size(); ++i) {
            // Another size is OpenSSL's to derive.
            const auto longer =
                crypto::derive_key(crypto::Pbkdf2{crypto::Prf::HmacSha512, iterations}, views[i],
                                   bytes_of("salt"), 65);
            EXPECT_EQ(to_hex(seeds[i].view()), to_hex(longer.view().first(64))) << i;
        }
    }
    EXPECT_TRUE(crypto::derive_seeds(1, {}, {}).empty());
}

}  // namespace
}  // namespace redoubt::test
