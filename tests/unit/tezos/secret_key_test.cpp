// SPDX-License-Identifier: Apache-2.0
#include <redoubt/tezos/secret_key.hpp>

#include <gtest/gtest.h>

#include <redoubt/base/encoding.hpp>
#include <redoubt/tezos/base58.hpp>

#include "../vectors/tezos_vectors.hpp"

namespace redoubt::test {
namespace {

std::string shown(const GuardedBytes& text) { return std::string(text_of(text.view())); }

TEST(BlsSecretText, IsThatOfOctez) {
    int read = 0;
    for (const Json& row : tezos_vectors("keys")) {
        if (text(row, "key_type") != "tz4") continue;
        const std::string secret = text(row, "secret_key");
        const auto key = tezos::parse_bls_secret(bytes_of(secret));
        ASSERT_TRUE(key.has_value()) << secret;
        Bytes little_endian(key->big_endian().rbegin(), key->big_endian().rend());
        EXPECT_EQ(to_hex(little_endian), text(row, "secret_key_hex"));
        EXPECT_EQ(tezos::to_text(key->public_key()), text(row, "public_key"));
        EXPECT_EQ(shown(tezos::to_text(*key)), secret);
        ++read;
    }
    EXPECT_EQ(read, 6);
}

/// The text of 32 bytes behind a prefix, whatever they are.
std::string secret_text(const std::string& hex, Bytes prefix = {0x03, 0x96, 0xc0, 0x28}) {
    append(prefix, from_hex(hex).value());
    return tezos::to_base58check(prefix);
}

TEST(BlsSecretText, OfWhatIsNoScalarIsNone) {
    const std::string zeros(62, '0');
    EXPECT_TRUE(tezos::parse_bls_secret(bytes_of(secret_text("01" + zeros))).has_value());
    for (const std::string& wrong :
         {secret_text("00" + zeros),  // zero, the order, and more, little-endian
          secret_text("01000000fffffffffe5bfeff02a4bd5305d8a10908d83933487d9d2953a7ed73"),
          secret_text(std::string(64, 'f')), secret_text("01" + zeros, {0x03, 0x96, 0xc0, 0x29}),
          secret_text("01" + zeros + "00"), secret_text(zeros), std::string(), std::string(54, '1'),
          std::string(54, 'z'), std::string(54, '0'), std::string(100'000, 'z')}) {
        EXPECT_FALSE(tezos::parse_bls_secret(bytes_of(wrong)).has_value()) << wrong.substr(0, 60);
    }
}

TEST(BlsSecretText, OneChangedCharacterIsSeen) {
    const std::string right = "BLsk1eGhiPQXKtvvkBeXzmtVVJs6KPhEF45drF7MLjoCDcSnTGuyjL";
    ASSERT_TRUE(tezos::parse_bls_secret(bytes_of(right)).has_value());
    for (std::size_t at = 0; at < right.size(); ++at) {
        std::string wrong = right;
        wrong[at] = wrong[at] == '2' ? '3' : '2';
        EXPECT_FALSE(tezos::parse_bls_secret(bytes_of(wrong)).has_value()) << at;
    }
    EXPECT_FALSE(tezos::parse_bls_secret(bytes_of(right + "1")).has_value());
    EXPECT_FALSE(tezos::parse_bls_secret(bytes_of("1" + right)).has_value());
}

}  // namespace
}  // namespace redoubt::test
